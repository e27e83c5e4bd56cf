-- Records the end of a command. The run may have begun, or ended, meanwhile.
update changeover.history
set ended_at = clock_timestamp(), outcome = $2, code = $3, details = details || $4::text::jsonb,
    run = coalesce(run, (select id from changeover.run)), source = coalesce(source, (select source from changeover.run))
where id = $1::text::bigint and ended_at is null
