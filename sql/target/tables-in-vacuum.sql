-- Tables that another session holds in the mode of VACUUM and ANALYZE.
select distinct n.nspname as schema, c.relname as name
from pg_locks l join pg_class c on c.oid = l.relation join pg_namespace n on n.oid = c.relnamespace
where l.locktype = 'relation' and l.mode = 'ShareUpdateExclusiveLock' and l.granted
  and l.pid is distinct from pg_backend_pid()
  and l.database = (select oid from pg_database where datname = current_database())
