-- The copy table by table, and how far the comparison under way is.
select t.source as table, t.rows::float8 as rows, t.copied::float8 as copied, t.done,
       v.rows::float8 as compared, v.done as "isCompared",
       -- Read through JSON, so that a schema without the column works, too.
       to_char((to_jsonb(v) ->> 'saved_at')::timestamptz at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
         as "savedAt"
from changeover.table_state as t
  left join changeover.verification_table as v on v.run = t.run and v.id = t.id
where t.run = $1
order by t.id
