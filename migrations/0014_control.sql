-- Up Migration
create table changeover.control (
  id          bigint      generated always as identity primary key,
  run         uuid        not null references changeover.run on delete cascade,
  action      text        not null check (action in ('pause', 'resume', 'max-rate', 'verify', 'cutover', 'abort')),
  max_rate    integer     check (max_rate > 0),
  confirmed   boolean     not null default false,
  asked_by    text        not null,
  asked_at    timestamptz not null default clock_timestamp(),
  history     bigint,
  state       text        not null default 'asked' check (state in ('asked', 'taken', 'done', 'refused', 'withdrawn')),
  code        text,
  answer      text,
  answered_at timestamptz
);
comment on table  changeover.control is
  'What people asked of the process that works on the run, and what became of it.';
comment on column changeover.control.max_rate is 'Rows a second, of a request for max-rate; null: no limit.';
comment on column changeover.control.confirmed is
  'Whether who asked for a cutover confirmed what does not come over as in the source.';
comment on column changeover.control.asked_by is 'User and host.';
comment on column changeover.control.history is 'The entry in changeover.history.';
-- One request at a time waits for its answer: whoever comes second is told.
create unique index control_waits on changeover.control (run) where state = 'asked';

create table changeover.steering (
  run       uuid primary key references changeover.run on delete cascade,
  paused_by text,
  paused_at timestamptz,
  max_rate  integer,
  rated_by  text,
  rated_at  timestamptz
);
comment on table  changeover.steering is
  'What holds for every process that works on the run: whether it is paused, and a rate that was asked for.';

alter table changeover.failback add column ends_at timestamptz;
comment on column changeover.failback.ends_at is
  'When a running sync completes the run by itself, if someone gave it a window for the failback.';

-- Down Migration
alter table changeover.failback drop column ends_at;
drop table changeover.steering;
drop table changeover.control;
