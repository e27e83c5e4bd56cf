-- Unique indexes without expressions or conditions: they identify rows.
select n.nspname as schema, c.relname as "table",
       to_json(array(select a.attname::text from unnest(i.indkey[0:i.indnkeyatts - 1]) with ordinality k(attnum, n)
         join pg_attribute a on a.attrelid = c.oid and a.attnum = k.attnum order by k.n)) as columns,
       i.indisprimary as primary_key
from pg_index i
join pg_class c on c.oid = i.indrelid
join pg_namespace n on n.oid = c.relnamespace
where n.nspname = current_schema() and i.indisunique and i.indpred is null and i.indexprs is null and i.indisvalid
  and i.indimmediate
