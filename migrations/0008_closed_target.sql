-- Up Migration
create table changeover.closed_target (
  run       uuid        primary key references changeover.run on delete cascade,
  versions  jsonb       not null,
  closed_at timestamptz not null default clock_timestamp()
);
comment on table  changeover.closed_target is
  'There is a row while the tables take no writes but the run''s own: until the cutover.';
comment on column changeover.closed_target.versions is
  'Versions of the triggers that see to it, by the table''s oid. Where they differ, somebody may have written.';

-- Down Migration
drop table changeover.closed_target;
