-- What is known at the target is taken from there, what was measured at the source from the parameters.
insert into changeover.load_sample
  (run, lag, copied, replayed, compared, log_bytes, wal_bytes, application_wait_ms, lock_wait_ms, share)
select r.id, case when r.phase in ('copying', 'syncing', 'cutting-over') then greatest(0, r.source_seq - r.watermark)
         else 0 end,
       (select coalesce(sum(t.copied), 0) from changeover.table_state as t where t.run = r.id), r.watermark,
       (select coalesce(sum(v.rows), 0) from changeover.verification_table as v where v.run = r.id),
       $2::text::bigint, $3::text::bigint,
       -- After the cutover the application writes to the target.
       case when r.phase = 'cut-over' then null else $4::text::real end, $5::text::bigint, $6::text::real
from changeover.run as r
where r.id = $1
