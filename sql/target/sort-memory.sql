-- Sets the memory for sorting an index of a table ($1: "schema.table"), by its largest partition. A sort is fastest in
-- little memory that fits into the processor's caches, as long as its runs are merged in one pass. The server needs 272
-- kB for each run. An index has at most the size of its table.
select set_config('maintenance_work_mem', least(
  greatest(8 * 1024 * 1024, sqrt(greatest(pg_relation_size($1::regclass),
    (select max(pg_relation_size(relid)) from pg_partition_tree($1::regclass))) * 272.0 * 1024)),
  greatest(pg_size_bytes(current_setting('maintenance_work_mem')),
    least(pg_size_bytes(current_setting('shared_buffers')), 256 * 1024 * 1024))
)::bigint / 1024 || 'kB', true)
