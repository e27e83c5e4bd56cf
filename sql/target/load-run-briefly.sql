-- The run without what is as large as its schema.
select r.*
from (
  -- A schema of an older version lacks these columns: their names mean these then.
  select '[]'::jsonb as held, null::timestamptz as cut_over_at, null::timestamptz as cutover_finished_at,
         null::integer as predicted_downtime_ms, null::timestamptz as predicted_at
) as absent,
lateral (
  select id::text, source, phase, captured, watermark::text, source_seq::text, first_caught_up::text,
         extract(epoch from clock_timestamp() - last_caught_up)::float8 as seconds_since_caught_up,
         verified_through::text, verified::text, lock_requested_by, fence_seq::text, downtime_ms,
         held::text, cut_over_at::text, cutover_finished_at::text, predicted_downtime_ms::text, predicted_at::text
  from changeover.run
) as r
