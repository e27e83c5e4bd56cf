update changeover.table_state
set copied = copied + $3, position = $4::text::jsonb, done = $5
where run = $1 and id = $2 and not done and position is not distinct from $6::text::jsonb
returning copied::text
