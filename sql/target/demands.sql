-- What tables of the schema demand of a row beyond the types of its columns, where it holds for all rows: CHECKs, and domains.
select c.relname as "table", k.conname as name, pg_get_expr(k.conbin, k.conrelid) as expression,
       to_json(array(select a.attname::text from unnest(k.conkey) with ordinality u(attnum, n)
                     join pg_attribute a on a.attrelid = c.oid and a.attnum = u.attnum order by u.n))::text as columns
from pg_constraint k
join pg_class c on c.oid = k.conrelid
join pg_namespace n on n.oid = c.relnamespace
where n.nspname = current_schema() and k.contype = 'c' and k.convalidated and c.relkind in ('r', 'p')
union all
select c.relname, null, null, to_json(array[a.attname::text])::text
from pg_attribute a
join pg_class c on c.oid = a.attrelid
join pg_namespace n on n.oid = c.relnamespace
join pg_type t on t.oid = a.atttypid and t.typtype = 'd'
where n.nspname = current_schema() and c.relkind in ('r', 'p') and a.attnum > 0 and not a.attisdropped
