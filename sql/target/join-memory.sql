-- Sets the memory for validating a foreign key ($1: "schema.table", $2: its name), whose referenced keys are hashed.
-- Batches that fit into the processor's caches are faster than splitting both sides on disk, but not hundreds of them.
select set_config('maintenance_work_mem', least(
  greatest(4 * 1024 * 1024, pg_relation_size(confrelid) / 64),
  pg_size_bytes(current_setting('maintenance_work_mem'))
)::bigint / 1024 || 'kB', true)
from pg_constraint where conrelid = $1::regclass and conname = $2
