-- Sizes of tables in bytes, without indexes and TOAST, in the given order.
select pg_relation_size(to_regclass(name))::text as bytes
from unnest($1::text[]) with ordinality as t(name, place)
order by place
