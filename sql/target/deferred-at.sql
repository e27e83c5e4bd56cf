-- Dropped objects of run $1 that are not restored yet, of the stages $2. Constraints before indexes, unique constraints
-- before the foreign keys that need them, otherwise in the order in which they were dropped.
select s.id::text as id, s.kind, s.schema, s.relation, s.name, s.definition, s.comment, s.validated, s.enabled
from changeover.deferred s
where s.run = $1 and not s.restored and s.stage = any($2::text[])
order by array_position(array['constraint', 'index', 'foreign-key', 'trigger'], s.kind), s.id
