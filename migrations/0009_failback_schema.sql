-- Up Migration
alter table changeover.failback add column schema_at_cutover jsonb;
comment on column changeover.failback.schema_at_cutover is
  'The schema of this database at the cutover: later changes cannot be brought back, and are listed before a failback.';

-- Down Migration
alter table changeover.failback drop column schema_at_cutover;
