-- Up Migration
create table changeover.notice (
  run          uuid        not null references changeover.run on delete cascade,
  id           integer     not null,
  notice       jsonb       not null,
  confirmed_by text        check (confirmed_by in ('terminal', 'yes', 'accept', 'rule', 'program')),
  confirmed_at timestamptz,
  primary key (run, id),
  check ((confirmed_by is null) = (confirmed_at is null))
);
comment on table  changeover.notice is
  'Objects of the source''s schema that this database lacks or has in another form, and warnings, as of the start of the run.';
comment on column changeover.notice.notice is 'Kind, name, table, code, reason, and a substitute in this database.';
comment on column changeover.notice.confirmed_by is 'Who confirmed it; null: nobody yet, so the cutover asks.';

-- Down Migration
drop table changeover.notice;
