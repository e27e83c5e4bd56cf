-- The schema of the table of migrations $1, or the one in which it is to be made.
with candidate as (
  select 1 as preference, nullif(current_schema(), 'changeover') as schema union all select 2, 'public'
), readable as (
  select preference, schema,
         has_schema_privilege(n.oid, 'usage') and exists (select from pg_class c where c.relnamespace = n.oid
           and c.relname = $1 and c.relkind in ('r', 'p')) as has_table,
         has_schema_privilege(n.oid, 'create') as may_create
  from candidate join pg_namespace n on n.nspname = schema
)
select schema::text as schema from readable
order by has_table desc,
         -- As node-pg-migrate has it.
         (schema = 'public' and may_create) desc, may_create desc, preference
limit 1
