-- Size and column types of the given tables, in the given order. Null where a table is not there.
select pg_total_relation_size(c.oid)::text as bytes,
       (select json_object_agg(a.attname, format_type(a.atttypid, a.atttypmod)) from pg_attribute a
        where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped)::text as types
from unnest($1::text[]) with ordinality as t(name, place)
     left join pg_class c on c.oid = to_regclass(t.name)
order by t.place
