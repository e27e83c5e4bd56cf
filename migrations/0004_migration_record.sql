-- Up Migration
create table changeover.migration_record (
  name        text        primary key,
  file        text        not null,
  checksum    text        not null,
  text        text        not null,
  ledger_id   bigint      not null,
  run_on      timestamp   not null,
  applied_by  text,
  role        text,
  duration_ms integer,
  version     text        not null,
  recorded_at timestamptz not null default clock_timestamp()
);
comment on table  changeover.migration_record is 'What node-pg-migrate''s table does not say of each applied migration: its text then, who applied it, and how long that took.';
comment on column changeover.migration_record.checksum is 'SHA-256 of the text with LF line endings.';
comment on column changeover.migration_record.ledger_id is 'The row of node-pg-migrate''s table that this belongs to, with run_on: a file applied again by its own command line is another one.';
comment on column changeover.migration_record.applied_by is 'User and host; null where something else applied it, and only the file was recorded later.';
comment on column changeover.migration_record.version is 'The changeover that recorded it.';

-- Down Migration
drop table changeover.migration_record;
