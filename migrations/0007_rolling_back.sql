-- Up Migration
alter table changeover.run drop constraint run_phase_check;
alter table changeover.run add constraint run_phase_check
  check (phase in ('new', 'copying', 'syncing', 'cutting-over', 'cut-over', 'returned', 'rolling-back'));
comment on column changeover.run.phase is
  'rolling-back: a rollback was interrupted; the same command continues it.';

-- Down Migration
alter table changeover.run drop constraint run_phase_check;
alter table changeover.run add constraint run_phase_check
  check (phase in ('new', 'copying', 'syncing', 'cutting-over', 'cut-over', 'returned'));
comment on column changeover.run.phase is null;
