create function sqlite_compat.lower(value text) returns text
language sql immutable parallel safe
set search_path = pg_catalog as $$
  select translate(value, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ', 'abcdefghijklmnopqrstuvwxyz')
$$;
