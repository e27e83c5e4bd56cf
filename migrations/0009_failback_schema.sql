-- Up Migration
alter table changeover.failback add column schema_at_cutover jsonb;
comment on column changeover.failback.schema_at_cutover is 'What this database held besides rows when it opened: what was made, dropped or renamed since then cannot go back, and is named before the return.';

-- Down Migration
alter table changeover.failback drop column schema_at_cutover;
