-- Up Migration
create table changeover.history (
  id         bigint      generated always as identity primary key,
  command    text        not null,
  run        uuid,
  source     text,
  started_at timestamptz not null default clock_timestamp(),
  ended_at   timestamptz,
  outcome    text        check (outcome in ('done', 'not-done', 'failed', 'interrupted')),
  code       text,
  details    jsonb       not null default '{}',
  os_user    text        not null,
  host       text        not null,
  pid        integer     not null,
  role       text        not null default current_user,
  version    text        not null,
  check ((ended_at is null) = (outcome is null))
);
comment on table  changeover.history is
  'What changeover did to this database, and who started it. Rollback and complete keep it.';
comment on column changeover.history.run is 'The run of the command, which may no longer exist.';
comment on column changeover.history.outcome is
  'not-done: the command refused or undid its work, a cutover that rolled back, say. Null: it is running, or was killed.';
comment on column changeover.history.code is 'The code of the error or of the reason.';

-- Down Migration
drop table changeover.history;
