-- Foreign keys of run $1 that were restored NOT VALID and must be validated.
select s.id::text as id, s.kind, s.schema, s.relation, s.name, s.definition, s.comment, s.validated, s.enabled
from changeover.deferred s
where s.run = $1 and s.restored and s.kind = 'foreign-key' and s.validated
order by s.id
