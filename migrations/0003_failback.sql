-- Up Migration
create table changeover.failback (
  run       uuid        primary key references changeover.run on delete cascade,
  state     text        not null check (state in ('enabled', 'returning', 'returned', 'completed')),
  batches   bigint      not null default 0,
  rows      bigint      not null default 0,
  rounded   bigint      not null default 0,
  caught_up_at   timestamptz,
  enabled_at  timestamptz not null default clock_timestamp()
);
comment on table  changeover.failback is 'Changes made in this database after the cutover, on their way to the source to the source. Their keys are in changeover.failback_1, failback_2, …, one table for each.';
comment on column changeover.failback.batches is 'Snapshots of this database that the source has equalled so far.';
comment on column changeover.failback.rounded is 'Values that were finer than the form of their column in the source: microseconds in an epoch of seconds.';
comment on column changeover.failback.caught_up_at is 'When the source last equalled this database.';

-- Down Migration
drop table changeover.failback;
