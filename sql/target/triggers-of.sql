-- Triggers that would fire for inserted rows in the tables or their partitions. $1: array of tables.
select distinct n.nspname as schema, c.relname as relation, g.tgname as name, g.tgenabled = 'A' as always
from unnest($1::text[]) given(name)
join lateral (select given.name::regclass as oid union select relid from pg_partition_tree(given.name::regclass)) t
  on true
join pg_class c on c.oid = t.oid join pg_namespace n on n.oid = c.relnamespace
join pg_trigger g on g.tgrelid = c.oid and not g.tgisinternal and g.tgparentid = 0 and g.tgenabled in ('O', 'A')
order by 1, 2, 3
