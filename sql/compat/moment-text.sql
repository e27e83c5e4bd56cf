-- Dates and timestamps as the text that SQLite's functions take them for.
create function sqlite_compat._moment_text(value timestamp) returns text
language sql immutable parallel safe
set search_path = pg_catalog as $$ select to_char(value, 'YYYY-MM-DD HH24:MI:SS.MS') $$;
create function sqlite_compat._moment_text(value timestamptz) returns text
language sql immutable parallel safe
set search_path = pg_catalog as $$ select to_char(value at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS.MS') $$;
create function sqlite_compat._moment_text(value date) returns text
language sql immutable parallel safe
set search_path = pg_catalog as $$ select to_char(value, 'YYYY-MM-DD') $$;
create function sqlite_compat._moment_text(value bigint) returns text
language sql immutable parallel safe
set search_path = pg_catalog as $$ select value::text $$;
create function sqlite_compat._moment_text(value double precision) returns text
language sql immutable parallel safe
set search_path = pg_catalog as $$ select value::text $$;
