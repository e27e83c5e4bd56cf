update changeover.table_state as state
set copied = finished.copied, done = true
from unnest($2::integer[], $3::bigint[]) as finished (id, copied)
where state.run = $1 and state.id = finished.id and not state.done and state.position is null and state.copied = 0
returning state.id
