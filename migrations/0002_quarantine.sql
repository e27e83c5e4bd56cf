-- Up Migration
create table changeover.quarantine (
  id          bigint      generated always as identity primary key,
  run         uuid        not null references changeover.run on delete cascade,
  table_id    integer     not null,
  table_name  text        not null,
  key         jsonb       not null,
  key_id      text        not null generated always as (md5(key::text)) stored,
  what        text        not null check (what in ('row', 'value')),
  column_name text,
  reason      text        not null,
  row         jsonb       not null,
  quarantined_at timestamptz not null default clock_timestamp()
);
-- One entry a row, found by its key. Keys may be too large for an index, so their hash is indexed.
create unique index quarantine_key on changeover.quarantine (run, table_id, key_id);
comment on table  changeover.quarantine is
  'Rejected rows of the source, and rejected values that became NULL: by a rule, never without one.';
comment on column changeover.quarantine.key is
  'The key as SQLite stores it, value by value; text and blobs as hexadecimal bytes.';
comment on column changeover.quarantine.what is
  'row: the row is missing here; value: it is here, with NULL in the named columns.';
comment on column changeover.quarantine.column_name is 'The columns at fault, if known.';
comment on column changeover.quarantine.row is 'The row as SQLite stores it, by column.';

-- Down Migration
drop table changeover.quarantine;
