-- pg_locks shows a 64-bit advisory lock as two halves.
select exists (
  select from pg_locks
  where locktype = 'advisory' and granted and objsubid = 1
    and database = (select oid from pg_database where datname = current_database())
    and classid::bigint = $1 and objid::bigint = $2
) as held
