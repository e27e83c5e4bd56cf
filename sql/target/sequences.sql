-- Sequences, and the column that uses each, if any.
select c.oid::text as id, n.nspname as schema, c.relname as name, tn.nspname as "tableSchema", t.relname as "tableName",
  a.attname as "columnName"
from pg_class c join pg_namespace n on n.oid = c.relnamespace
left join (pg_depend d join pg_class t on t.oid = d.refobjid join pg_namespace tn on tn.oid = t.relnamespace
  join pg_attribute a on a.attrelid = t.oid and a.attnum = d.refobjsubid)
  on d.classid = 'pg_class'::regclass and d.objid = c.oid and d.refclassid = 'pg_class'::regclass and d.refobjsubid > 0
    and d.deptype in ('a', 'i')
where c.relkind = 'S' and c.relpersistence <> 't' and n.nspname !~ '^(pg_|changeover(_|$)|information_schema$)'
order by n.nspname, c.relname
