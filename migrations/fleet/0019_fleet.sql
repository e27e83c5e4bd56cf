-- Up Migration
create table changeover_fleet.fleet (
  id                 boolean     primary key default true check (id),
  paused_by          text,
  paused_at          timestamptz,
  paused_why         text        check (paused_why in ('asked', 'canary', 'budget')),
  max_failures       integer     not null,
  target_concurrency integer     not null check (target_concurrency > 0),
  version            text        not null,
  planned_at         timestamptz not null default clock_timestamp()
);
comment on table changeover_fleet.fleet is 'What holds for all tenants: pauses and limits. One row.';
comment on column changeover_fleet.fleet.paused_why is
  'asked: by a person; canary: a tenant of the first wave failed; budget: more tenants failed than may.';

create table changeover_fleet.tenant (
  name         text        primary key,
  source       text        not null,
  host         text,
  schema       text        not null unique,
  state_schema text        not null unique,
  wave         integer     not null check (wave >= 0),
  digest       text,
  bytes        bigint,
  odd          text[],
  state        text        not null default 'planned'
               check (state in ('planned', 'in-sync', 'cut-over', 'returned', 'rolled-back', 'complete')),
  wanted       text        check (wanted in ('in-sync', 'cut-over', 'returned', 'rolled-back', 'complete')),
  work         text        check (work in ('waiting', 'working', 'failed')),
  job          uuid,
  queue        text,
  worker       text,
  worker_key   bigint,
  attempts     integer     not null default 0,
  code         text,
  message      text,
  stamp        text,
  rows         bigint,
  downtime_ms  integer,
  work_ms      bigint,
  begun_at     timestamptz,
  ended_at     timestamptz
);
comment on table  changeover_fleet.tenant is 'The tenants of the fleet, and where each stands.';
comment on column changeover_fleet.tenant.odd is
  'How its schema differs from the others'', or why it cannot be read: no plan fits it. Null: alike.';
comment on column changeover_fleet.tenant.work is
  'waiting: in the queue; working: a worker has it; failed: it is not tried again before someone asks.';
comment on column changeover_fleet.tenant.worker_key is 'Key of the advisory lock that its worker holds while it lives.';
comment on column changeover_fleet.tenant.stamp is 'Size and time of its file when the target last held all of it.';
create index tenant_work on changeover_fleet.tenant (work) where work is not null;

create table changeover_fleet.tenant_history (
  id     bigint generated always as identity primary key,
  tenant text   not null,
  entry  jsonb  not null
);
comment on table changeover_fleet.tenant_history is
  'The history of tenants whose run is over and whose state schema is dropped.';

-- Down Migration
drop table changeover_fleet.tenant_history;
drop table changeover_fleet.tenant;
drop table changeover_fleet.fleet;
