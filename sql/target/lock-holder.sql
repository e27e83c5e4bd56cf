-- The holder of an advisory lock, by the halves of its key.
select l.pid, coalesce(nullif(a.application_name, ''), 'an unnamed application') as application, a.usename as role,
       extract(epoch from clock_timestamp() - a.xact_start)::int as seconds
from pg_locks l left join pg_stat_activity a on a.pid = l.pid
where l.locktype = 'advisory' and l.granted and l.objsubid = 1 and l.classid = $1::bigint::oid
  and l.objid = $2::bigint::oid
  and l.database = (select oid from pg_database where datname = current_database())
