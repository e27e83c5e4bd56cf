-- Keeps the definitions of dropped objects of run $1. $2: array of objects as JSON, in the order of `place`.
insert into changeover.deferred (run, kind, stage, schema, relation, name, definition, comment, validated, enabled)
select $1, o.kind, o.stage, o.schema, o.relation, o.name, o.definition, o.comment, o.validated, o.enabled
from json_to_recordset($2::text::json) as o(place int, kind text, stage text, schema text, relation text, name text,
  definition text, comment text, validated boolean, enabled text)
order by o.place
