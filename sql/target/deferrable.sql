-- Objects of the given tables that slow down a load or cannot hold during it: indexes, unique, exclusion and
-- foreign-key constraints, triggers, and foreign keys of other tables to them. $1: array of "schema.table" as regclass
-- text.
with tables as (select unnest($1::text[])::regclass as oid)
select 'foreign-key' as kind, 'cutover' as stage, n.nspname as schema, c.relname as relation, k.conname as name,
       pg_get_constraintdef(k.oid) as definition, obj_description(k.oid, 'pg_constraint') as comment,
         k.convalidated as validated, null as enabled, null::json as columns
from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_namespace n on n.oid = c.relnamespace
where k.contype = 'f' and k.conparentid = 0
  and (k.conrelid in (select oid from tables) or k.confrelid in (select oid from tables))
union all
-- A NOT VALID CHECK may be violated by rows that are still to be copied.
select 'constraint', 'cutover', n.nspname, c.relname, k.conname, pg_get_constraintdef(k.oid),
  obj_description(k.oid, 'pg_constraint'), false, null, null
from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_namespace n on n.oid = c.relnamespace
where k.contype = 'c' and not k.convalidated and k.conparentid = 0 and k.conrelid in (select oid from tables)
union all
select 'trigger', 'cutover', n.nspname, c.relname, g.tgname, pg_get_triggerdef(g.oid),
  obj_description(g.oid, 'pg_trigger'), true, g.tgenabled::text, null
from pg_trigger g join pg_class c on c.oid = g.tgrelid join pg_namespace n on n.oid = c.relnamespace
where not g.tgisinternal and g.tgparentid = 0 and g.tgrelid in (select oid from tables)
  -- The fence's triggers must stay.
  and g.tgfoid not in (select p.oid from pg_proc p join pg_namespace s on s.oid = p.pronamespace
      where s.nspname ~ '^changeover(_|$)')
union all
select 'constraint', 'caught-up', n.nspname, c.relname, k.conname, pg_get_constraintdef(k.oid),
  obj_description(k.oid, 'pg_constraint'), true, null,
       to_json(array(select a.attname::text from unnest(k.conkey) with ordinality x(attnum, n)
         join pg_attribute a on a.attrelid = c.oid and a.attnum = x.attnum order by x.n))
from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_namespace n on n.oid = c.relnamespace
where k.contype in ('p', 'u', 'x') and k.conrelid in (select oid from tables) and k.conparentid = 0
union all
select 'index', 'caught-up', n.nspname, c.relname, x.relname, pg_get_indexdef(i.indexrelid),
  obj_description(i.indexrelid, 'pg_class'), true, null,
       case when i.indisunique and i.indpred is null and i.indexprs is null
         then to_json(array(select a.attname::text
           from unnest(i.indkey[0:i.indnkeyatts - 1]) with ordinality y(attnum, n)
           join pg_attribute a on a.attrelid = c.oid and a.attnum = y.attnum order by y.n)) end
from pg_index i join pg_class c on c.oid = i.indrelid join pg_namespace n on n.oid = c.relnamespace
  join pg_class x on x.oid = i.indexrelid
where i.indrelid in (select oid from tables)
  and not exists (select from pg_constraint k where k.conindid = i.indexrelid and k.contype in ('p', 'u', 'x'))
  and x.relispartition = false
