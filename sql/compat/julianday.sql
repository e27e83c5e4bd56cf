create function sqlite_compat.julianday(value text default 'now', variadic modifiers text[] default '{}')
returns double precision
language sql stable parallel safe
set search_path = pg_catalog as $$ select sqlite_compat._moment(value, modifiers)::double precision / 86400000.0 $$;
