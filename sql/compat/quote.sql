create function sqlite_compat.quote(value text) returns text
language sql immutable parallel safe
set search_path = pg_catalog as $$ select coalesce('''' || replace(value, '''', '''''') || '''', 'NULL') $$;
create function sqlite_compat.quote(value bigint) returns text
language sql immutable parallel safe
set search_path = pg_catalog as $$ select coalesce(value::text, 'NULL') $$;
create function sqlite_compat.quote(value bytea) returns text
language sql immutable parallel safe
set search_path = pg_catalog as $$ select coalesce('X''' || upper(encode(value, 'hex')) || '''', 'NULL') $$;
