select v.pass, v.through::text, v.started_at::text, v.ended_at::text, v.differences::text,
       coalesce(v.rows, (select sum(t.rows) from changeover.verification_table as t where t.run = v.run
         and t.pass = v.pass), 0)::text as rows
from changeover.verification as v
where v.run = $1
order by v.pass desc
limit 1
