insert into changeover.verification_table (run, pass, id, position, rows, done)
select v.run, v.pass, t.id, nullif(t.position, 'null'::jsonb), t.rows, t.done
from changeover.verification as v
cross join jsonb_to_recordset($3::text::jsonb) as t(id integer, position jsonb, rows bigint, done boolean)
where v.run = $1 and v.pass = $2 and v.ended_at is null
on conflict (run, pass, id) do update set position = excluded.position, rows = excluded.rows, done = excluded.done,
  saved_at = clock_timestamp()
