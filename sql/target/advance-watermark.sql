-- Compare and set: if another process has moved the watermark, no row is updated and the batch is rolled back.
update changeover.run
set watermark = $3, source_seq = greatest(source_seq, $4), updated_at = clock_timestamp(),
    first_caught_up = coalesce(first_caught_up, clock_timestamp()), last_caught_up = clock_timestamp()
where id = $1 and watermark = $2
returning lock_requested_by
