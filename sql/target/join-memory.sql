-- Memory for the transaction's check of a foreign key ($1: "schema.table", $2: its name): the referenced keys are hashed in it. Parts of them that
-- stay in the processor's caches are looked up in less time than it takes to divide both sides, but not hundreds of parts.
select set_config('maintenance_work_mem', least(
  greatest(4 * 1024 * 1024, pg_relation_size(confrelid) / 64),
  pg_size_bytes(current_setting('maintenance_work_mem'))
)::bigint / 1024 || 'kB', true)
from pg_constraint where conrelid = $1::regclass and conname = $2
