-- Columns of the given tables with a sequence that numbers them: one that the column owns, one that its default draws
-- from, or one that stands free and that an ORM draws from, known by its name (Doctrine, Hibernate).
-- Free sequences are found once: looked for at each column, 2,000 tables took 14 minutes until pg_class was analysed.
-- $1: array of "schema.table" as regclass text.
with given as materialized (
  select c.oid, c.relnamespace, n.nspname, c.relname, a.attnum, a.attname, a.atthasdef, a.atttypid,
    pg_get_serial_sequence(format('%I.%I', n.nspname, c.relname), a.attname)::regclass::oid as owned
  from unnest($1::text[]::regclass[]) as t
  join pg_class c on c.oid = t
  join pg_namespace n on n.oid = c.relnamespace
  join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
),
free as materialized (
  select s.oid, s.relnamespace, lower(s.relname) as name
  from pg_class s
  where s.relkind = 'S' and s.oid not in (
    select o.objid from pg_depend o where o.classid = 'pg_class'::regclass and o.deptype in ('a', 'i')
  )
),
named as materialized (
  select g.oid, g.attnum, g.relnamespace, names.name
  from given g
  join pg_index k on k.indrelid = g.oid and k.indisprimary and k.indnkeyatts = 1 and k.indkey[0] = g.attnum
  cross join unnest(array[
    lower(g.relname || '_' || g.attname || '_seq'), lower(g.relname || '_seq'), 'hibernate_sequence'
  ]) as names(name)
  where not g.atthasdef and g.atttypid in ('int2'::regtype, 'int4'::regtype, 'int8'::regtype)
),
found as (
  select oid, attnum, owned as sequence, true as own from given where owned is not null
  union
  select g.oid, g.attnum, d.refobjid, false
  from given g
  join pg_attrdef f on f.adrelid = g.oid and f.adnum = g.attnum
  join pg_depend d on d.classid = 'pg_attrdef'::regclass and d.objid = f.oid and d.refclassid = 'pg_class'::regclass
  where d.refobjid is distinct from g.owned
  union
  select named.oid, named.attnum, free.oid, false
  from named join free on free.relnamespace = named.relnamespace and free.name = named.name
)
select g.nspname as schema, g.relname as "table", g.attname as "column",
  format('%I.%I', sn.nspname, s.relname) as sequence,
  found.own and count(*) over (partition by s.oid) = 1 as own
from found
join given g on g.oid = found.oid and g.attnum = found.attnum
join pg_class s on s.oid = found.sequence and s.relkind = 'S'
join pg_namespace sn on sn.oid = s.relnamespace
where found.own or has_sequence_privilege(s.oid, 'UPDATE')
