-- Tables that this transaction has locked exclusively.
select relation::text as id from pg_locks
where pid = pg_backend_pid() and locktype = 'relation' and mode = 'AccessExclusiveLock' and granted
  and database = (select oid from pg_database where datname = current_database())
