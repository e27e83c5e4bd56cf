-- The storage file of each table, by its name without the schema `public`.
select case n.nspname when 'public' then c.relname
  else format('%s.%s', n.nspname, c.relname) end as name, c.relfilenode::text as storage
from pg_class c join pg_namespace n on n.oid = c.relnamespace
where c.relkind in ('r', 'm') and n.nspname !~ '^(pg_|changeover(_|$)|information_schema$)'
  and c.relname <> 'pgmigrations'
