-- Up Migration
alter table changeover.run add column source_catalogue jsonb;
alter table changeover.run add column held jsonb not null default '[]';
comment on column changeover.run.source_catalogue is
  'The source''s catalogue as it was captured: what a change of its schema is measured against.';
comment on column changeover.run.held is
  'Tables whose schema changed in the source and that wait for the target: since which change, and what happened.';

-- Down Migration
alter table changeover.run drop column held;
alter table changeover.run drop column source_catalogue;
