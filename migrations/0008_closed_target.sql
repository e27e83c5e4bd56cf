-- Up Migration
create table changeover.closed_target (
  run       uuid        primary key references changeover.run on delete cascade,
  versions  jsonb       not null,
  closed_at timestamptz not null default clock_timestamp()
);
comment on table  changeover.closed_target is
  'Has a row while only the run can write to the tables: until the cutover.';
comment on column changeover.closed_target.versions is
  'Catalogue versions of the fence''s triggers, by table oid. If they differ, others may have written.';

-- Down Migration
drop table changeover.closed_target;
