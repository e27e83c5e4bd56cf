-- Up Migration
alter table changeover.failback add column losses jsonb;
alter table changeover.failback add column sequences jsonb;
alter table changeover.failback add column restored_at_cutover jsonb;
comment on column changeover.failback.losses is
  'What the source could not take, as it was when this database was fenced for good, and the keys of the rows: for the command that opens the source.';
comment on column changeover.failback.sequences is
  'The ids that this database''s sequences had given out by then, by source table: for the same command.';
comment on column changeover.failback.restored_at_cutover is
  'Constraints, triggers and indexes that the cutover recreated, by id. changeover.failback_schema was read before it, and lacks them.';
create table changeover.failback_schema (
  run     uuid   primary key references changeover.run on delete cascade,
  schema  jsonb  not null
);
comment on table changeover.failback_schema is
  'What this database held besides rows just before its cutover. What was created, dropped or renamed since then cannot go back to the source.';
insert into changeover.failback_schema (run, schema)
select run, schema_at_cutover from changeover.failback where schema_at_cutover is not null;
update changeover.failback set restored_at_cutover = '[]';
alter table changeover.failback drop column schema_at_cutover;

-- Down Migration
alter table changeover.failback add column schema_at_cutover jsonb;
update changeover.failback f set schema_at_cutover = s.schema from changeover.failback_schema s where s.run = f.run;
drop table changeover.failback_schema;
alter table changeover.failback drop column restored_at_cutover;
alter table changeover.failback drop column sequences;
alter table changeover.failback drop column losses;
