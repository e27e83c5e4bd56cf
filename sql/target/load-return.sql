select state, batches::text, rows::text, rounded::text, extract(epoch from clock_timestamp() - even_at)::float8 as seconds
from changeover.way_back
where run = $1
