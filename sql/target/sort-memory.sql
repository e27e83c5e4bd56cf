-- Memory for the transaction's sorting of an index of a table ($1: "schema.table"), or of the largest of its partitions.
-- A sort is fastest in little memory, which stays in the processor's caches, as long as what it wrote to the side is merged in one go: the
-- server takes 272 kB for each part that it merges, of which there are as many as memory fits into the data. No index has more data than its table.
select set_config('maintenance_work_mem', least(
  greatest(8 * 1024 * 1024, sqrt(greatest(pg_relation_size($1::regclass), (select max(pg_relation_size(relid)) from pg_partition_tree($1::regclass))) * 272.0 * 1024)),
  greatest(pg_size_bytes(current_setting('maintenance_work_mem')), least(pg_size_bytes(current_setting('shared_buffers')), 256 * 1024 * 1024))
)::bigint / 1024 || 'kB', true)
