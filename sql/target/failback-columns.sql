-- The columns of the tables with these ids, identified by their numbers, which survive a rename or type change. Domains
-- are resolved to their base type.
with recursive base(oid, type, modifier) as (
  select t.oid, case when t.typtype = 'd' then t.typbasetype else t.oid end, case when t.typtype = 'd' then t.typtypmod
    else -1 end
  from pg_type t
  union all
  select b.oid, t.typbasetype, case when t.typtypmod <> -1 then t.typtypmod else b.modifier end
  from base b join pg_type t on t.oid = b.type
  where t.typtype = 'd'
)
select c.oid::text as id, n.nspname as schema, c.relname as "table", a.attnum::int as number, a.attname as name,
       format_type(a.atttypid, a.atttypmod) as type, bt.typname as "baseType",
       (case when a.atttypmod <> -1 then a.atttypmod else b.modifier end)::int as modifier
from pg_class c
join pg_namespace n on n.oid = c.relnamespace
join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
join base b on b.oid = a.atttypid
join pg_type bt on bt.oid = b.type and bt.typtype <> 'd'
where c.oid = any($1::oid[])
order by c.oid, a.attnum
