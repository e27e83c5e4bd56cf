-- The highest id that the sequences of the given tables have given out: those that columns own, that their defaults
-- draw from, or that stand free by the name that an ORM gives them. $1: array of "schema.table" as regclass text.
with given as materialized (
  select c.oid, c.relnamespace, c.relname, n.nspname
  from unnest($1::text[]) as t(name) join pg_class c on c.oid = t.name::regclass
  join pg_namespace n on n.oid = c.relnamespace
), free as materialized (
  -- Like `named`, for a hash join: many tables have as many sequences.
  select s.oid, s.relnamespace, lower(s.relname) as name from pg_class s where s.relkind = 'S'
), named as materialized (
  select t.oid, t.relnamespace, w.name
  from given t join pg_index k on k.indrelid = t.oid and k.indisprimary and k.indnkeyatts = 1
  join pg_attribute a on a.attrelid = t.oid and a.attnum = k.indkey[0] and not a.atthasdef
  cross join lateral (values (lower(t.relname || '_' || a.attname || '_seq')), (lower(t.relname || '_seq'))) as w(name)
), found as (
  select t.oid as relation,
    pg_get_serial_sequence(format('%I.%I', t.nspname, t.relname), a.attname)::regclass::oid as sequence
  from given t join pg_attribute a on a.attrelid = t.oid and a.attnum > 0 and not a.attisdropped
  union
  select t.oid, d.refobjid
  from given t join pg_attrdef f on f.adrelid = t.oid
  join pg_depend d on d.classid = 'pg_attrdef'::regclass and d.objid = f.oid and d.refclassid = 'pg_class'::regclass
  union
  select named.oid, free.oid from named join free using (relnamespace, name)
)
select t.nspname as schema, t.relname as "table", max(pg_sequence_last_value(found.sequence))::text as last
from given t join found on found.relation = t.oid join pg_class s on s.oid = found.sequence and s.relkind = 'S'
group by t.nspname, t.relname
