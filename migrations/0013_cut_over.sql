-- Up Migration
alter table changeover.run
  add column cut_over_at         timestamptz,
  add column cutover_finished_at timestamptz;
comment on column changeover.run.cut_over_at is 'When this database was opened by the cutover.';
comment on column changeover.run.cutover_finished_at is
  'When the cutover had nothing left to do: foreign keys are validated, and the source says where the data is.';

-- Down Migration
alter table changeover.run drop column cut_over_at, drop column cutover_finished_at;
