-- Objects of the schema's tables other than columns, one a row: the counterparts of the source's objects. The columns
-- of each are found by the catalogue's index, since `attribute` has none.
with relation as (
  select c.oid, c.relname::text as name, c.relkind
  from pg_class c
  where c.relnamespace = (select oid from pg_namespace where nspname = current_schema())
    and c.relkind in ('r', 'p', 'v', 'm')
), attribute as (
  select r.name as "table", r.oid, a.attnum, a.attname::text as name, a.attnotnull, a.atthasdef, a.attgenerated,
    a.attidentity, a.atttypid, a.attcollation
  from relation r join pg_attribute a on a.attrelid = r.oid and a.attnum > 0 and not a.attisdropped
  where r.relkind in ('r', 'p')
), object as (
  select case when relkind in ('r', 'p') then 'table'
    else 'view' end as kind, name as "table", name, null::text[] as columns
  from relation
  union all
  select 'not-null', "table", name, array[name] from attribute where attnotnull
  union all
  select 'default', "table", name, array[name] from attribute where atthasdef and attgenerated = ''
  union all
  select 'identity', "table", name, array[name] from attribute where attidentity <> ''
  union all
  select 'generated-column', "table", name, array[name] from attribute where attgenerated <> ''
  union all
  -- Nondeterministic collations: different texts may be equal.
  select 'collation', "table", name, array[name] from attribute
  where (select typname = 'citext' from pg_type t where t.oid = atttypid)
     or exists (select from pg_collation k where k.oid = attcollation and not k.collisdeterministic)
  union all
  select case when i.indisunique then 'unique-index' else 'index' end, r.name, c.relname::text,
         array(select a.attname::text from pg_attribute a
               where a.attrelid = r.oid and a.attnum > 0 and not a.attisdropped and r.relkind in ('r', 'p')
                 and (a.attnum = any (i.indkey[0:i.indnkeyatts - 1])
                      or exists (select from pg_depend d where d.classid = 'pg_class'::regclass
                        and d.objid = i.indexrelid
                                   and d.refclassid = 'pg_class'::regclass and d.refobjid = r.oid
                                     and d.refobjsubid = a.attnum
                                   and not d.refobjsubid = any (i.indkey[i.indnkeyatts:]))))
  from pg_index i join relation r on r.oid = i.indrelid join pg_class c on c.oid = i.indexrelid
  where i.indisvalid
  union all
  select case k.contype when 'f' then 'foreign-key' else 'check' end, r.name, k.conname::text,
         array(select a.attname::text from pg_attribute a
               where a.attrelid = r.oid and a.attnum = any (k.conkey) and r.relkind in ('r', 'p'))
  from pg_constraint k join relation r on r.oid = k.conrelid
  where k.contype in ('f', 'c')
  union all
  select 'trigger', r.name, t.tgname::text, null from pg_trigger t join relation r on r.oid = t.tgrelid
    where not t.tgisinternal
)
select kind, "table", name, to_json(columns)::text as columns from object
