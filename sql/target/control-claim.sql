-- Takes the request that waits, if the run lock is held by one of the backends $2: only who works on the run answers.
update changeover.control c
set state = 'taken', answered_at = clock_timestamp()
where c.run = $1 and c.state = 'asked' and c.asked_at > clock_timestamp() - interval '15 s' and exists (
  select from pg_locks l
  where l.locktype = 'advisory' and l.granted and l.objsubid = 1
    and l.database = (select oid from pg_database where datname = current_database())
    and l.classid::bigint = $3 and l.objid::bigint = $4 and l.pid = any($2::text::int[]))
returning c.id::text as id, c.action, c.max_rate as "maxRate", c.confirmed, c.asked_by as "askedBy",
  c.history::text as history
