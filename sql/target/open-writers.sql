-- Other transactions that have written to tables with the fence, or may do so, and are not over. The locks that a write
-- takes stay until then. A question instead of LOCK TABLE: it takes no lock of its own, however many tables.
select distinct l.virtualtransaction || ':' || coalesce(l.pid, 0) as writer
from pg_locks l
where l.locktype = 'relation' and l.granted and l.pid is distinct from pg_backend_pid()
  and l.database = (select oid from pg_database where datname = current_database())
  and l.mode in ('RowExclusiveLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock')
  and exists (select from pg_trigger g
    where g.tgrelid = l.relation and g.tgfoid = to_regprocedure('changeover.refuse_write()'))
