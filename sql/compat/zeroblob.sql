create function sqlite_compat.zeroblob(bytes bigint) returns bytea
language sql immutable parallel safe
set search_path = pg_catalog as $$ select decode(repeat('00', greatest(coalesce(bytes, 0), 0)::int), 'hex') $$;
