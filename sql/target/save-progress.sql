insert into changeover.verification_table (run, pass, id, position, rows, done)
select v.run, v.pass, $3, $4::text::jsonb, $5, $6
from changeover.verification as v
where v.run = $1 and v.pass = $2 and v.ended_at is null
on conflict (run, pass, id) do update set position = excluded.position, rows = excluded.rows, done = excluded.done
