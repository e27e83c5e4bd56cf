-- The requests that are not answered yet, or under way in a session that lives, the newest first. $2: the class of locks
-- of entries of the history.
select c.id::text as id, c.action, c.asked_by as "askedBy", c.state,
       to_char(c.asked_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as "askedAt",
       extract(epoch from clock_timestamp() - c.asked_at)::float8 as "seconds"
from changeover.control c
where c.run = $1 and (c.state = 'asked' or c.state = 'taken' and exists (
  select from pg_locks l
  where l.locktype = 'advisory' and l.granted and l.objsubid = 2
    and l.database = (select oid from pg_database where datname = current_database())
    and l.classid = ($2::text::bigint # (to_regnamespace('changeover')::oid::bigint & 2147483647))::oid and l.objid = c.history::oid))
order by c.id desc
