-- Up Migration
alter table changeover.run add column source_identity jsonb;
comment on column changeover.run.source_identity is
  'The file (device, inode, path, host) or server that the run reads: a copy of it is refused.';

-- Down Migration
alter table changeover.run drop column source_identity;
