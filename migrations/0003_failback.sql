-- Up Migration
create table changeover.failback (
  run       uuid        primary key references changeover.run on delete cascade,
  state     text        not null check (state in ('enabled', 'returning', 'returned', 'completed')),
  batches   bigint      not null default 0,
  rows      bigint      not null default 0,
  rounded   bigint      not null default 0,
  caught_up_at timestamptz,
  enabled_at timestamptz not null default clock_timestamp()
);
comment on table  changeover.failback is
  'Changes made in this database after the cutover, to be replayed in the source. Keys: changeover.failback_1, …';
comment on column changeover.failback.batches is 'Number of replayed batches.';
comment on column changeover.failback.rounded is
  'Values that were rounded to the format of their column in the source: microseconds to Unix seconds, for example.';
comment on column changeover.failback.caught_up_at is 'When the source last equalled this database.';

-- Down Migration
drop table changeover.failback;
