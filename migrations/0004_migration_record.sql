-- Up Migration
create table changeover.migration_record (
  name        text        primary key,
  file        text        not null,
  checksum    text        not null,
  text        text        not null,
  migration_id   bigint      not null,
  run_on      timestamp   not null,
  applied_by  text,
  role        text,
  duration_ms integer,
  version     text        not null,
  recorded_at timestamptz not null default clock_timestamp()
);
comment on table  changeover.migration_record is
  'What node-pg-migrate''s table lacks of each applied migration: its text at that time, who applied it, and the duration.';
comment on column changeover.migration_record.checksum is 'SHA-256 of the text with LF line endings.';
comment on column changeover.migration_record.migration_id is
  'Id of the row in node-pg-migrate''s table; with run_on it identifies one application of the file.';
comment on column changeover.migration_record.applied_by is
  'User and host; null if another tool applied it and only its file was recorded later.';
comment on column changeover.migration_record.version is 'The version of changeover that recorded it.';

-- Down Migration
drop table changeover.migration_record;
