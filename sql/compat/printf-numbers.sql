create function sqlite_compat.printf(format text, value bigint) returns text
language sql immutable parallel safe
set search_path = pg_catalog as $$ select sqlite_compat.printf(format, value::text) $$;
