-- Up Migration
create table changeover.left_out (
  run          uuid        not null references changeover.run on delete cascade,
  id           integer     not null,
  notice       jsonb       not null,
  confirmed_by text        check (confirmed_by in ('terminal', 'yes', 'accept', 'rule', 'program')),
  confirmed_at timestamptz,
  primary key (run, id),
  check ((confirmed_by is null) = (confirmed_at is null))
);
comment on table  changeover.left_out is 'What of the source''s schema this database has not, or has otherwise, and warnings: as known when the run began.';
comment on column changeover.left_out.notice is 'Kind, name, table, code and reason, and what in this database would do in its place.';
comment on column changeover.left_out.confirmed_by is 'Who let it pass; null: nobody yet. The cutover asks.';

-- Down Migration
drop table changeover.left_out;
