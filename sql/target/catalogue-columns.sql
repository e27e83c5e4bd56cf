-- Ordinary and partitioned tables of the current schema, with their columns. Domains are resolved to their base type.
with recursive base(oid, type, modifier, kind) as (
  select t.oid, case when t.typtype = 'd' then t.typbasetype else t.oid end, case when t.typtype = 'd' then t.typtypmod
    else -1 end, t.typtype
  from pg_type t
  union all
  select b.oid, t.typbasetype, case when t.typtypmod <> -1 then t.typtypmod else b.modifier end, t.typtype
  from base b join pg_type t on t.oid = b.type
  where t.typtype = 'd'
)
select n.nspname as schema, c.relname as "table", a.attname as "column", a.attnum as position,
       format_type(a.atttypid, a.atttypmod) as type,
       bt.typname as base_type, case when a.atttypmod <> -1 then a.atttypmod else b.modifier end as modifier,
       a.attnotnull as not_null, a.atthasdef as has_default, a.attgenerated <> '' as generated,
         a.attidentity <> '' as identity
from pg_class c
join pg_namespace n on n.oid = c.relnamespace
join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
join base b on b.oid = a.atttypid
join pg_type bt on bt.oid = b.type and bt.typtype <> 'd'
where n.nspname = current_schema() and c.relkind in ('r', 'p') and c.relname <> 'pgmigrations'
  and not exists (select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid
    and d.deptype = 'e')
order by c.relname, a.attnum
