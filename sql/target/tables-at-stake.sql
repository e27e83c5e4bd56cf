-- Tables and materialized views by their names $1, and all those of the schemas $2: their columns, their size with
-- indexes and TOAST, about how many rows they hold, and whether counting them is quick and shows every row. The size of
-- a table that another session has locked would be waited for: what ANALYZE last saw has to do.
with recursive found as (
  select c.*, n.nspname
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where c.relkind in ('r', 'p', 'm') and n.nspname !~ '^(pg_|changeover(_|$)|information_schema$)'
    and (c.relname = any ($1::text[]) or n.nspname = any ($2::text[]))
), locked as (
  select relation from pg_locks
  where locktype = 'relation' and mode = 'AccessExclusiveLock' and granted and pid <> pg_backend_pid()
    and database = (select oid from pg_database where datname = current_database())
), part (root, oid) as (
  select oid, oid from found
  union
  select p.root, i.inhrelid from part p join pg_inherits i on i.inhparent = p.oid
    join pg_class c on c.oid = i.inhrelid where c.relispartition
), known as (
  select p.root, c.reltuples, c.relpages, l.relation is not null as locked,
         current_setting('block_size')::bigint as block,
         case when l.relation is null then pg_total_relation_size(p.oid) end as total,
         case when l.relation is null then pg_relation_size(p.oid) end as heap
  from part p join pg_class c on c.oid = p.oid left join locked l on l.relation = p.oid
), sized as (
  select root, sum(coalesce(total, relpages * block)) as bytes, sum(heap) as heap,
         sum(case when locked then greatest(reltuples, 0)
             when reltuples >= 0 and relpages > 0 then reltuples * heap / block / relpages
             else heap / 100.0 end) as rows, bool_or(locked) as locked
  from known
  group by root
)
select f.oid::text as id, f.nspname as schema, f.relname as name, f.relkind = 'p' as partitioned,
       array_position(current_schemas(false), f.nspname) as place, s.bytes::text as bytes, ceil(s.rows)::text as rows,
       s.heap <= 1048576 and not s.locked and not f.relrowsecurity and has_table_privilege(f.oid, 'select')
         and f.oid not in (select relation from locked) as countable,
       array(select a.attname::text from pg_attribute a
         where a.attrelid = f.oid and a.attnum > 0 and not a.attisdropped order by a.attnum) as columns
from found f join sized s on s.root = f.oid
order by f.nspname, f.relname
