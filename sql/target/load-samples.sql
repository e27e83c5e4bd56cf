-- The newest samples of a run, the oldest first.
select to_char(s.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as at, s.lag::float8 as lag,
       s.copied::float8 as copied, s.replayed::float8 as replayed, s.compared::float8 as compared,
       s.log_bytes::float8 as "logBytes", s.wal_bytes::float8 as "walBytes",
       s.application_wait_ms::float8 as "applicationWaitMs", s.lock_wait_ms::float8 as "lockWaitMs",
       s.share::float8 as share
from (select * from changeover.load_sample where run = $1 order by load_sample.at desc limit $2) as s
order by s.at
