-- Columns of the given tables. $1: array of tables.
select t.place::int as place, a.attname::text as name,
  -- Without a length, which a cast would cut to.
  format_type(a.atttypid, -1) as type,
  a.attnotnull as solid
from unnest($1::text[]) with ordinality as t(name, place)
join pg_attribute a on a.attrelid = t.name::regclass and a.attnum > 0 and not a.attisdropped
