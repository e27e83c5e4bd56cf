-- Migrations tables of known tools, by name, in any schema.
select case n.nspname when 'public' then c.relname
  else format('%s.%s', n.nspname, c.relname) end as name, n.nspname::text as schema, c.relname::text as "table",
       (select json_agg(a.attname) from pg_attribute a where a.attrelid = c.oid and a.attnum > 0
         and not a.attisdropped)::text as columns
from pg_class c join pg_namespace n on n.oid = c.relnamespace
where c.relkind in ('r', 'p') and lower(c.relname) = any ($1)
  and n.nspname !~ '^(pg_|changeover(_|$)|information_schema$)'
order by 1
