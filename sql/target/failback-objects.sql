-- All objects that users can create, by an id that survives a rename; without those of extensions and our own.
with mine as (
  select oid, nspname from pg_namespace where nspname !~ '^(pg_|changeover(_|$)|information_schema$)'
), extended as (
  select classid, objid from pg_depend where deptype = 'e'
)
select 'class:' || c.oid as id,
       case c.relkind when 'r' then 'table' when 'p' then 'table' when 'f' then 'foreign table' when 'v' then 'view'
         when 'm' then 'materialized view' when 'S' then 'sequence' else 'index' end as kind,
       n.nspname as schema, c.relname as name, t.relname as "table"
from pg_class c join mine n on n.oid = c.relnamespace
left join pg_index i on i.indexrelid = c.oid left join pg_class t on t.oid = i.indrelid
where c.relkind in ('r', 'p', 'f', 'v', 'm', 'S', 'i', 'I') and c.relpersistence <> 't'
  and not exists (select from extended e where e.classid = 'pg_class'::regclass and e.objid = c.oid)
  -- Indexes of constraints, sequences of columns, and partitions belong to their constraint, column or parent.
  and not exists (select from pg_constraint k where k.conindid = c.oid and k.contype in ('p', 'u', 'x'))
  and not (c.relkind = 'S' and exists (select from pg_depend d where d.classid = 'pg_class'::regclass
    and d.objid = c.oid and d.deptype in ('a', 'i') and d.refobjsubid > 0))
  and not c.relispartition
union all
select 'constraint:' || k.oid, 'constraint', n.nspname, k.conname, t.relname
from pg_constraint k join pg_class t on t.oid = k.conrelid join mine n on n.oid = t.relnamespace
where k.contype in ('p', 'u', 'x', 'c', 'f') and k.conparentid = 0
union all
select 'trigger:' || g.oid, 'trigger', n.nspname, g.tgname, t.relname
from pg_trigger g join pg_class t on t.oid = g.tgrelid join mine n on n.oid = t.relnamespace
where not g.tgisinternal and g.tgname !~ '^_changeover_'
union all
select 'function:' || p.oid, 'function', n.nspname, p.proname, null
from pg_proc p join mine n on n.oid = p.pronamespace
where not exists (select from extended e where e.classid = 'pg_proc'::regclass and e.objid = p.oid)
union all
select 'enum:' || l.oid, 'enum value', n.nspname, y.typname || '.' || l.enumlabel, null
from pg_enum l join pg_type y on y.oid = l.enumtypid join mine n on n.oid = y.typnamespace
