-- What run $1 has taken off its tables and not restored, of the stages $2: constraints before indexes, unique ones before the foreign
-- keys that need them, else in the order in which they were taken off.
select s.id::text as id, s.kind, s.schema, s.relation, s.name, s.definition, s.comment, s.validated, s.enabled
from changeover.deferred s
where s.run = $1 and not s.restored and s.stage = any($2::text[])
order by array_position(array['constraint', 'index', 'foreign-key', 'trigger'], s.kind), s.id
