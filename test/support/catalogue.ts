import { query } from "./target.ts";

/** All that a schema of PostgreSQL holds, one line each; our own schema and the table of applied migrations apart. */
export async function catalogueOf(url: string): Promise<string[]> {
  const rows = await query<{ line: string }>(url, CATALOGUE);
  return rows.map(({ line }) => line);
}

const CATALOGUE = `
with own as (
  select c.oid, c.relname, c.relkind, c.reloptions from pg_class c
  where c.relnamespace = 'public'::regnamespace and c.relname !~ '^pgmigrations'
)
select line from (
  select format('relation %s %s %s', relkind, relname, reloptions) as line from own
  union all
  select format('column %s.%s %s %s %s null %s default %s identity %s generated %s collation %s', o.relname, a.attnum, a.attname, format_type(a.atttypid, a.atttypmod), a.attstorage, not a.attnotnull, pg_get_expr(d.adbin, d.adrelid), a.attidentity, a.attgenerated, a.attcollation)
    from own o join pg_attribute a on a.attrelid = o.oid and a.attnum > 0 left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
  union all
  select format('constraint %s %s %s valid %s', o.relname, k.conname, pg_get_constraintdef(k.oid), k.convalidated) from own o join pg_constraint k on k.conrelid = o.oid
  union all
  select format('index %s valid %s', pg_get_indexdef(i.indexrelid), i.indisvalid) from own o join pg_index i on i.indrelid = o.oid
  union all
  select format('view %s %s', o.relname, pg_get_viewdef(o.oid)) from own o where o.relkind in ('v', 'm')
  union all
  select format('sequence %s %s %s %s %s %s', o.relname, s.seqtypid::regtype, s.seqstart, s.seqincrement, s.seqmax, s.seqcycle) from own o join pg_sequence s on s.seqrelid = o.oid
  union all
  select format('trigger %s', pg_get_triggerdef(t.oid)) from own o join pg_trigger t on t.tgrelid = o.oid where not t.tgisinternal
  union all
  select format('type %s', t.typname) from pg_type t where t.typnamespace = 'public'::regnamespace and t.typname !~ '^_?pgmigrations'
  union all
  select format('function %s', p.oid::regprocedure) from pg_proc p where p.pronamespace = 'public'::regnamespace
  union all
  select format('comment %s %s', d.objoid::regclass, d.description) from own o join pg_description d on d.objoid = o.oid
  union all
  select format('schema %s', nspname) from pg_namespace where nspname !~ '^(pg_|changeover$)'
) as lines order by line collate "C"`;
