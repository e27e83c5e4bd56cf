-- For each given table: whether it has an index on an expression, for which ANALYZE collects statistics only if the
-- index exists. $1: array of "schema.table" as regclass text.
select exists (select from pg_index i where i.indrelid = t.name::regclass and i.indexprs is not null) as has
from unnest($1::text[]) with ordinality as t(name, position)
order by t.position
