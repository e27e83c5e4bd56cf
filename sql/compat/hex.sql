create function sqlite_compat.hex(value text) returns text
language sql immutable parallel safe
set search_path = pg_catalog as $$ select coalesce(upper(encode(convert_to(value, 'UTF8'), 'hex')), '') $$;
create function sqlite_compat.hex(value bytea) returns text
language sql immutable parallel safe
set search_path = pg_catalog as $$ select coalesce(upper(encode(value, 'hex')), '') $$;
create function sqlite_compat.hex(value bigint) returns text
language sql immutable parallel safe
set search_path = pg_catalog as $$ select coalesce(upper(encode(convert_to(value::text, 'UTF8'), 'hex')), '') $$;
