-- Up Migration
create table changeover.run (
  id               uuid        primary key,
  source           text        not null,
  phase            text        not null default 'new'
                   check (phase in ('new', 'copying', 'syncing', 'cutting-over', 'cut-over', 'returned')),
  captured         boolean     not null,
  mappings         jsonb       not null,
  source_schema    jsonb,
  watermark        bigint      not null default 0,
  source_seq       bigint      not null default 0,
  first_caught_up  timestamptz,
  last_caught_up   timestamptz,
  verified_through bigint,
  verified         jsonb,
  lock_requested_by         text,
  fence_seq        bigint,
  downtime_ms      integer,
  created_at       timestamptz not null default now(),
  updated_at       timestamptz not null default now()
);
comment on table  changeover.run is
  'The migration into this database and its progress. Rows and watermark commit together.';
comment on column changeover.run.mappings is 'How each source table is mapped, for copy, replay and verification.';
comment on column changeover.run.source_schema is 'The source''s schema as captured; drift checks compare with it.';
comment on column changeover.run.watermark is 'The last seq of the change log that this database holds.';
comment on column changeover.run.source_seq is 'The highest seq seen in the source''s change log.';
comment on column changeover.run.verified_through is 'All rows were compared, except for keys logged after this seq.';
comment on column changeover.run.lock_requested_by is
  'Who requests the run lock of the running sync: cutover, rollback, a migration, …';
-- One run at a time: a second one would mix its rows in.
create unique index run_is_single on changeover.run ((true));

create table changeover.table_state (
  run      uuid    not null references changeover.run on delete cascade,
  id       integer not null,
  source   text    not null,
  rows     bigint  not null,
  copied   bigint  not null default 0,
  position jsonb,
  done     boolean not null default false,
  primary key (run, id)
);
comment on column changeover.table_state.rows is 'Rows in the source when the run began.';
comment on column changeover.table_state.position is 'Key of the last row copied; commits with the rows of its page.';

create table changeover.deferred (
  id         bigint  generated always as identity primary key,
  run        uuid    not null references changeover.run on delete cascade,
  kind       text    not null check (kind in ('index', 'constraint', 'foreign-key', 'trigger')),
  stage      text    not null check (stage in ('copied', 'caught-up', 'cutover')),
  schema     text    not null,
  relation   text    not null,
  name       text    not null,
  definition text    not null,
  comment    text,
  validated  boolean not null default true,
  enabled    text,
  restored   boolean not null default false
);
comment on table  changeover.deferred is
  'Indexes, constraints and triggers that were dropped for the load and are restored exactly.';
comment on column changeover.deferred.stage is
  'When it is recreated: after the copy, after the first catch-up, or at the cutover.';

-- Down Migration
drop table changeover.deferred;
drop table changeover.table_state;
drop table changeover.run;
