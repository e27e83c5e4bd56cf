-- The run without what is as large as its schema.
select id::text, source, phase, captured, watermark::text, source_seq::text,
       first_caught_up::text, extract(epoch from clock_timestamp() - last_caught_up)::float8 as seconds_since_caught_up,
       verified_through::text, verified::text, lock_requested_by, fence_seq::text, downtime_ms,
       -- Read through JSON, so that a schema without these columns works, too.
       rest ->> 'held' as held,
       rest ->> 'cut_over_at' as cut_over_at,
       rest ->> 'cutover_finished_at' as cutover_finished_at,
       rest ->> 'predicted_downtime_ms' as predicted_downtime_ms,
       rest ->> 'predicted_at' as predicted_at
from changeover.run, lateral (select to_jsonb(run) as rest) as r
