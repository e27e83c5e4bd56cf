-- Ends the entry in the history of a request that nobody took.
update changeover.history h
set ended_at = clock_timestamp(), outcome = 'not-done', code = $2
from changeover.control c
where c.id = $1::text::bigint and h.id = c.history and h.ended_at is null
