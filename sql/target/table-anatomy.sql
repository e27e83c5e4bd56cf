-- Identifies a table and its columns, to detect others with the same names. $1: array of "schema.table" as regclass
-- text.
select n.nspname as schema, c.relname as name, c.oid::text as oid,
       (select json_object_agg(a.attname, a.attnum) from pg_attribute a where a.attrelid = c.oid and a.attnum > 0
         and not a.attisdropped) as columns,
       coalesce(pg_stat_get_xact_tuples_inserted(c.oid), 0)::int as inserted,
       coalesce(pg_stat_get_xact_tuples_deleted(c.oid), 0)::int as deleted,
       coalesce(pg_stat_get_xact_tuples_updated(c.oid), 0)::int as updated
from unnest($1::text[]) as given(name)
join pg_class c on c.oid = to_regclass(given.name)
join pg_namespace n on n.oid = c.relnamespace
