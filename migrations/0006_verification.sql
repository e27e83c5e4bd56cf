-- Up Migration
create table changeover.verification (
  run         uuid        not null references changeover.run (id) on delete cascade,
  pass        integer     not null,
  through     bigint      not null,
  rows        bigint,
  differences bigint,
  started_at  timestamptz not null default clock_timestamp(),
  ended_at    timestamptz,
  primary key (run, pass)
);
create table changeover.verification_table (
  run      uuid    not null,
  pass     integer not null,
  id       integer not null,
  position jsonb,
  rows     bigint  not null,
  done     boolean not null,
  primary key (run, pass, id),
  foreign key (run, pass) references changeover.verification (run, pass) on delete cascade
);
comment on table  changeover.verification is 'Each comparison of all rows. An interrupted one is continued.';
comment on column changeover.verification.through is 'Keys logged after this seq must be compared again when it ends.';
comment on table  changeover.verification_table is
  'Progress of the last comparison in tables without a difference so far.';
comment on column changeover.verification_table.position is 'All rows up to this key are compared.';

-- Down Migration
drop table changeover.verification_table;
drop table changeover.verification;
