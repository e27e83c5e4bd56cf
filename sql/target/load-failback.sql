select state, batches::text, rows::text, rounded::text,
  extract(epoch from clock_timestamp() - caught_up_at)::float8 as seconds,
  -- An older version of the table has no such column, and status must not need one.
  to_char((to_jsonb(f) ->> 'ends_at')::timestamptz at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as ends
from changeover.failback f
where run = $1
