-- Columns of the given tables with a sequence that numbers them: one that the column owns, one that its default draws
-- from, or one that stands free and that an ORM draws from, known by its name (Doctrine, Hibernate).
-- $1: array of "schema.table" as regclass text.
with given as materialized (
  -- Once: as an array that each row of the catalogue is compared with, the names were looked up for each. All that
  -- follows asks for these rows' own columns: joined later, it would ask of tables that the role may not use.
  select c.oid, c.relnamespace, c.relname, n.nspname
  from unnest($1::text[]) as t(name) join pg_class c on c.oid = t.name::regclass
  join pg_namespace n on n.oid = c.relnamespace
), free as materialized (
  -- Looked for once, and not in the whole catalogue for each column.
  select s.oid, s.relnamespace, lower(s.relname) as name
  from pg_class s
  where s.relkind = 'S' and not exists (select from pg_depend o
    where o.classid = 'pg_class'::regclass and o.objid = s.oid and o.deptype in ('a', 'i'))
)
select c.nspname as schema, c.relname as "table", a.attname as "column",
  format('%I.%I', sn.nspname, s.relname) as sequence,
  found.own and count(*) over (partition by s.oid) = 1 as own
from given c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
cross join lateral (
  select pg_get_serial_sequence(format('%I.%I', c.nspname, c.relname), a.attname)::regclass::oid as sequence,
    true as own
  union
  select d.refobjid, false
  from pg_attrdef f join pg_depend d on d.classid = 'pg_attrdef'::regclass and d.objid = f.oid
  where f.adrelid = c.oid and f.adnum = a.attnum and d.refclassid = 'pg_class'::regclass
    and d.refobjid is distinct from
      pg_get_serial_sequence(format('%I.%I', c.nspname, c.relname), a.attname)::regclass::oid
  union
  select free.oid, false
  from free
  where not a.atthasdef and a.atttypid in ('int2'::regtype, 'int4'::regtype, 'int8'::regtype)
    and free.relnamespace = c.relnamespace
    and free.name in
      (lower(c.relname || '_' || a.attname || '_seq'), lower(c.relname || '_seq'), 'hibernate_sequence')
    and exists (select from pg_index k
      where k.indrelid = c.oid and k.indisprimary and k.indnkeyatts = 1 and k.indkey[0] = a.attnum)
) as found
join pg_class s on s.oid = found.sequence and s.relkind = 'S'
join pg_namespace sn on sn.oid = s.relnamespace
where found.own or has_sequence_privilege(s.oid, 'UPDATE')
