-- Foreign keys of run $1 that were restored NOT VALID and are so still.
select s.id::text as id, s.kind, s.schema, s.relation, s.name, s.definition, s.comment, s.validated, s.enabled
from changeover.deferred s join pg_constraint k
  on k.conname = s.name and k.conrelid = to_regclass(format('%I.%I', s.schema, s.relation))
where s.run = $1 and s.restored and s.kind = 'foreign-key' and s.validated and not k.convalidated
order by s.id
