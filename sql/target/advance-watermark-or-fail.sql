-- Compare and set, as advance-watermark.sql, for a transaction that is committed before anybody looks: if another
-- process has moved the watermark, this fails. The text is not constant, so that it is not read when nothing is wrong.
with moved as (
  update changeover.run
  set watermark = $3, source_seq = greatest(source_seq, $4), updated_at = clock_timestamp(),
      first_caught_up = coalesce(first_caught_up, clock_timestamp()), last_caught_up = clock_timestamp()
  where id = $1 and watermark = $2
  returning lock_requested_by
)
select (case when count(*) = 1 then '1' else 'rows moved: ' || count(*) end)::int as moved,
       max(lock_requested_by) as lock_requested_by
from moved
