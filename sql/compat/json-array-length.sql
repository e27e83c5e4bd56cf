create function sqlite_compat.json_array_length(value text, path text default '$') returns bigint
language sql immutable parallel safe
set search_path = pg_catalog as $$
  select case jsonb_typeof(item) when 'array' then jsonb_array_length(item) else nullif(item is null, true)::int end
  from (select sqlite_compat._json_at(value::jsonb, path) as item) as found
$$;
create function sqlite_compat.json_array_length(value jsonb, path text default '$') returns bigint
language sql immutable parallel safe
set search_path = pg_catalog as $$ select sqlite_compat.json_array_length(value::text, path) $$;
