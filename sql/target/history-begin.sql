-- Records the start of a command. Numbers are passed as text: some drivers take every parameter for a string.
insert into changeover.history (command, details, os_user, host, pid, version, started_at, run, source)
values ($1, $2::text::jsonb, $3, $4, $5::text::bigint::integer, $6, clock_timestamp() - $7::text::bigint * interval '1 ms',
  (select id from changeover.run), (select source from changeover.run))
returning id::text as id
