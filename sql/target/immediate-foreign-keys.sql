-- Foreign keys that are checked by each statement. $1: array of tables.
select n.nspname as schema, c.relname as relation, k.conname as name
from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_namespace n on n.oid = c.relnamespace
where k.contype = 'f' and k.conparentid = 0 and not k.condeferrable
  and k.conrelid in (select unnest($1::text[])::regclass)
order by 1, 2, 3
