-- Approximate number of rows of each table, as the planner estimates it: the last count in proportion to the current
-- size. Without a count, a row is assumed to have 100 bytes. A partitioned table has the rows of its partitions.
with sized as (
  select c.oid, n.nspname, c.relname, c.relkind,
         case when c.relkind = 'p' then 0
              when c.reltuples >= 0 and c.relpages > 0
                then c.reltuples * pg_relation_size(c.oid) / current_setting('block_size')::numeric / c.relpages
              when pg_relation_size(c.oid) = 0 then 0
              else pg_relation_size(c.oid) / 100.0 end as rows
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where c.relkind in ('r', 'p', 'm') and n.nspname !~ '^(pg_|changeover(_|$)|information_schema$)'
)
select case s.nspname when 'public' then s.relname else format('%s.%s', s.nspname, s.relname) end as name,
       ceil(case when s.relkind = 'p' then coalesce((select sum(p.rows) from pg_partition_tree(s.oid) t
         join sized p on p.oid = t.relid), 0) else s.rows end)::bigint::text as rows
from sized s
