-- A real as SQLite makes a text of it.
create function sqlite_compat._real_text(value double precision) returns text
language sql immutable parallel safe
set search_path = pg_catalog as $$
  select case
    when value = 'Infinity' then 'Inf'
    when value = '-Infinity' then '-Inf'
    when value = 0 then '0.0'
    else regexp_replace(sqlite_compat._general(value, 15), '^(-?\d+)(e|$)', '\1.0\2')
  end
$$;
