-- Foreign keys and triggers of run $1 that were recreated for a cutover that did not happen.
select s.id::text as id, s.kind, s.schema, s.relation, s.name, s.definition, s.comment, s.validated, s.enabled
from changeover.deferred s
where s.run = $1 and s.restored and s.stage = 'cutover'
order by s.id
