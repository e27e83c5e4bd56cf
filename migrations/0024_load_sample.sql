-- Up Migration
create table changeover.load_sample (
  run                 uuid        not null references changeover.run on delete cascade,
  at                  timestamptz not null default clock_timestamp(),
  lag                 bigint      not null,
  copied              bigint      not null,
  replayed            bigint      not null,
  compared            bigint      not null,
  log_bytes           bigint,
  wal_bytes           bigint,
  application_wait_ms real,
  lock_wait_ms        bigint      not null,
  share               real        not null,
  primary key (run, at)
);
comment on table  changeover.load_sample is
  'What the process that works on the run measures every two seconds. Older samples are thinned out.';
comment on column changeover.load_sample.lag is 'Logged changes that the target did not hold yet.';
comment on column changeover.load_sample.replayed is 'The last seq of the change log that the target held.';
comment on column changeover.load_sample.compared is 'Rows compared in the comparison under way.';
comment on column changeover.load_sample.log_bytes is 'Size of the change log in the source; null: not known.';
comment on column changeover.load_sample.wal_bytes is
  'Size of the source''s write-ahead log; null: there is none, or it cannot be seen.';
comment on column changeover.load_sample.application_wait_ms is
  'The longest that a write of the application can have waited for us since the sample before.';
comment on column changeover.load_sample.lock_wait_ms is
  'How long the process has waited for locks that others held in the source, since it began.';
comment on column changeover.load_sample.share is 'The part of full speed that the throttle allows, from 1/8 to 1.';

alter table changeover.run add column predicted_downtime_ms integer;
alter table changeover.run add column predicted_at timestamptz;
comment on column changeover.run.predicted_downtime_ms is 'What the last rehearsal says of the cutover.';

alter table changeover.verification_table add column saved_at timestamptz not null default clock_timestamp();

-- Down Migration
alter table changeover.verification_table drop column saved_at;
alter table changeover.run drop column predicted_at;
alter table changeover.run drop column predicted_downtime_ms;
drop table changeover.load_sample;
