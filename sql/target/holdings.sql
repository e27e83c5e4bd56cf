-- Tables that can hold rows, with their columns and the sets of columns that identify rows, best first. All schemas
-- except the system's and our own, and without the migrations table $1 (schema), $2 (name).
select c.oid::text as id, n.nspname as schema, c.relname as name, c.relkind = 'p' as partitioned,
       (select i.inhparent::text from pg_inherits i where i.inhrelid = c.oid and c.relispartition) as "partitionOf",
       has_table_privilege(c.oid, 'select') as readable,
         has_table_privilege(c.oid, 'update,delete,truncate') as lockable,
       (select coalesce(json_agg(json_build_object('number', a.attnum, 'name', a.attname, 'type',
         format_type(a.atttypid, a.atttypmod), 'generated', a.attgenerated <> '') order by a.attnum), '[]')
        from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped)::text as columns,
       (select coalesce(json_agg(k.numbers order by k.indisprimary desc, k.indnkeyatts, k.indexrelid), '[]')
        from (select i.indisprimary, i.indnkeyatts, i.indexrelid, json_agg(y.number order by y.n) as numbers
              from pg_index i, unnest(i.indkey[0:i.indnkeyatts - 1]) with ordinality y(number, n)
              join pg_attribute a on a.attnum = y.number
              where i.indrelid = c.oid and a.attrelid = c.oid and i.indisunique and i.indisvalid and i.indpred is null
                and i.indexprs is null
              group by i.indisprimary, i.indnkeyatts, i.indexrelid having bool_and(a.attnotnull)) k)::text as keys
from pg_class c join pg_namespace n on n.oid = c.relnamespace
where c.relkind in ('r', 'p') and c.relpersistence <> 't' and n.nspname !~ '^(pg_|changeover(_|$)|information_schema$)'
  and not (n.nspname = $1 and c.relname = $2)
  and not exists (select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid
    and d.deptype = 'e')
order by n.nspname, c.relname
