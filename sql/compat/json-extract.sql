create function sqlite_compat.json_extract(value text, path text) returns text
language sql immutable parallel safe
set search_path = pg_catalog as $$ select sqlite_compat._json_scalar(sqlite_compat._json_at(value::jsonb, path)) $$;
create function sqlite_compat.json_extract(value jsonb, path text) returns text
language sql immutable parallel safe
set search_path = pg_catalog as $$ select sqlite_compat._json_scalar(sqlite_compat._json_at(value, path)) $$;
create function sqlite_compat.json_extract(value json, path text) returns text
language sql immutable parallel safe
set search_path = pg_catalog as $$ select sqlite_compat._json_scalar(sqlite_compat._json_at(value::jsonb, path)) $$;
