-- The columns of later versions, null in a schema without them: a name that the run's table lacks means that of
-- `absent`. A row read through to_jsonb() would be converted with its megabytes for each of them.
select run.* from (select null::jsonb as source_identity, null::jsonb as source_catalogue, null::jsonb as held,
    null::timestamptz as cut_over_at, null::timestamptz as cutover_finished_at,
    null::bigint as predicted_downtime_ms, null::timestamptz as predicted_at) as absent
cross join lateral (
  select id::text, source, phase, captured, mappings::text, source_schema::text, watermark::text, source_seq::text,
    first_caught_up::text, extract(epoch from clock_timestamp() - last_caught_up)::float8 as seconds_since_caught_up,
    verified_through::text, verified::text, lock_requested_by, fence_seq::text, downtime_ms,
    source_identity::text, source_catalogue::text, held::text,
    to_jsonb(cut_over_at) #>> '{}' as cut_over_at, to_jsonb(cutover_finished_at) #>> '{}' as cutover_finished_at,
    predicted_downtime_ms::text, to_jsonb(predicted_at) #>> '{}' as predicted_at
  from changeover.run
) as run
