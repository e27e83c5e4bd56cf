-- The fence's triggers on the given tables, their partitions and children. Each change of a trigger, however brief,
-- gives its catalogue row a new xmin: the same versions prove that nothing was changed. $1: array of tables; $2: names
-- of our triggers.
with recursive down(oid) as (
  select to_regclass(name)::oid from unnest($1::text[]) as given(name) where to_regclass(name) is not null
  union
  select i.inhrelid from down d join pg_inherits i on i.inhparent = d.oid
), up(oid, ancestor) as (
  select d.oid, i.inhparent from down d join pg_inherits i on i.inhrelid = d.oid
  union
  select u.oid, i.inhparent from up u join pg_inherits i on i.inhrelid = u.ancestor
), ours as (
  select g.tgrelid, json_agg(g.tgname) as present,
         json_object_agg(g.tgname, g.oid || ':' || g.xmin order by g.tgname)
           filter (where g.tgenabled = 'A' and g.tgfoid = to_regprocedure('changeover.refuse_write()')) as sound,
         -- A function of this name in the state schema of another run.
         max(f.nspname) filter (where p.proname = 'refuse_write' and f.nspname <> 'changeover') as other_run
  from pg_trigger g join pg_proc p on p.oid = g.tgfoid join pg_namespace f on f.oid = p.pronamespace
  where g.tgname = any($2::text[]) and g.tgparentid = 0
  group by g.tgrelid
)
select c.oid::text as id, n.nspname as schema, c.relname as name,
       -- A statement on a parent fires no statement trigger of its children.
       c.relkind = 'r' and exists (
         select from up u where u.oid = c.oid and u.ancestor not in (select oid from down)) as "hasOtherParent",
       -- Nor does a row from logical replication.
       exists (select from pg_subscription_rel r where r.srrelid = c.oid) as "isSubscribed",
       coalesce(o.present, '[]') as present, coalesce(o.sound, '{}') as sound,
       o.other_run::text as "otherRun"
from down d join pg_class c on c.oid = d.oid and c.relkind in ('r', 'p') join pg_namespace n on n.oid = c.relnamespace
left join ours o on o.tgrelid = c.oid
order by c.oid
