select id::text, source, phase, captured, mappings::text, source_schema::text, watermark::text, source_seq::text,
       first_caught_up::text, extract(epoch from clock_timestamp() - last_caught_up)::float8 as seconds_since_caught_up,
       verified_through::text, verified::text, lock_requested_by, fence_seq::text, downtime_ms,
       -- Read through JSON, so that a schema without these columns works, too.
       to_jsonb(run) ->> 'source_identity' as source_identity,
       to_jsonb(run) ->> 'source_catalogue' as source_catalogue,
       to_jsonb(run) ->> 'held' as held,
       to_jsonb(run) ->> 'cut_over_at' as cut_over_at,
       to_jsonb(run) ->> 'cutover_finished_at' as cutover_finished_at,
       to_jsonb(run) ->> 'predicted_downtime_ms' as predicted_downtime_ms,
       to_jsonb(run) ->> 'predicted_at' as predicted_at
from changeover.run
