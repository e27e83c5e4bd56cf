create function sqlite_compat.unicode(value text) returns bigint
language sql immutable parallel safe
set search_path = pg_catalog as $$ select nullif(ascii(value), 0)::bigint $$;
