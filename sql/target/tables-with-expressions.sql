-- Of each of the given tables: whether it has an index on an expression, whose values ANALYZE counts only where the index is there.
-- $1: array of "schema.table" as regclass text.
select exists (select from pg_index i where i.indrelid = t.name::regclass and i.indexprs is not null) as has
from unnest($1::text[]) with ordinality as t(name, position)
order by t.position
