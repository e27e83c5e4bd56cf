-- Keeps the ids of what this transaction has created so far. $1: run.
with own as (
  select (txid_current() % 4294967296)::text as xid
), restored(id) as (
  select 'constraint:' || k.oid from pg_constraint k, own where k.xmin::text = own.xid
  union all
  select 'trigger:' || g.oid from pg_trigger g, own where g.xmin::text = own.xid and not g.tgisinternal
  union all
  select 'class:' || c.oid from pg_class c, own where c.xmin::text = own.xid and c.relkind in ('i', 'I')
)
update changeover.failback set restored_at_cutover = (select coalesce(jsonb_agg(id), '[]') from restored)
where run = $1
