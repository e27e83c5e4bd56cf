-- The next $4 entries of run $1's quarantine after the id $3, oldest first; $2: only those of this source table, or
-- null.
select q.id::text as id, q.table_id, q.table_name, q.key::text as key, q.what, q.column_name, q.reason,
  q.row::text as row,
       to_json(q.quarantined_at) #>> '{}' as quarantined_at
from changeover.quarantine q
where q.run = $1 and ($2::text is null or lower(q.table_name) = lower($2)) and q.id > $3
order by q.id
limit $4
