select state, batches::text, rows::text, rounded::text,
  extract(epoch from clock_timestamp() - caught_up_at)::float8 as seconds
from changeover.failback
where run = $1
