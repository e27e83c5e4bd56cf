-- The highest id that the sequences of the given tables have given out: those that columns own, that their defaults
-- draw from, or that stand free by the name that an ORM gives them. $1: array of "schema.table" as regclass text.
select n.nspname as schema, c.relname as "table", max(pg_sequence_last_value(found.sequence))::text as last
from pg_class c join pg_namespace n on n.oid = c.relnamespace
join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
cross join lateral (
  select pg_get_serial_sequence(format('%I.%I', n.nspname, c.relname), a.attname)::regclass::oid as sequence
  union
  select s.oid
  from pg_attrdef f join pg_depend d on d.classid = 'pg_attrdef'::regclass and d.objid = f.oid
  join pg_class s on s.oid = d.refobjid and s.relkind = 'S' and d.refclassid = 'pg_class'::regclass
  where f.adrelid = c.oid and f.adnum = a.attnum
  union
  select free.oid
  from pg_class free
  where not a.atthasdef and free.relkind = 'S' and free.relnamespace = c.relnamespace
    and lower(free.relname) in (lower(c.relname || '_' || a.attname || '_seq'), lower(c.relname || '_seq'))
    and exists (select from pg_index k
      where k.indrelid = c.oid and k.indisprimary and k.indnkeyatts = 1 and k.indkey[0] = a.attnum)
) as found
where c.oid = any($1::text[]::regclass[]) and found.sequence is not null
group by n.nspname, c.relname
