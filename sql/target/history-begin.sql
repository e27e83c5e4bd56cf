-- A command begins. Numbers come as text: some drivers take a parameter for a string, whatever its type.
insert into changeover.history (command, details, os_user, host, pid, version, run, source, started_at)
values ($1, $2::text::jsonb, $3, $4, $5::text::integer, $6, (select id from changeover.run), (select source from changeover.run), clock_timestamp() - $7::text::double precision * interval '1 millisecond')
returning id::text as id
