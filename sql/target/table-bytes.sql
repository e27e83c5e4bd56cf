-- Bytes of tables, without their indexes and long values, in the order asked for.
select pg_relation_size(to_regclass(name))::text as bytes
from unnest($1::text[]) with ordinality as t(name, place)
order by place
