-- Changes with every table and column that is made, altered or dropped. Not with VACUUM and ANALYZE, which write their
-- counts in place.
select (
  select coalesce(sum(hashtext(c.oid || ':' || c.xmin)::bigint), 0)
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where n.nspname !~ '^(pg_|changeover(_|$)|information_schema$)' and c.relkind in ('r', 'p')
) || ':' || (
  select coalesce(sum(hashtext(a.attrelid || ':' || a.attnum || ':' || a.xmin)::bigint), 0)
  from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
  where n.nspname !~ '^(pg_|changeover(_|$)|information_schema$)' and c.relkind in ('r', 'p')
    and a.attnum > 0
) as fingerprint
