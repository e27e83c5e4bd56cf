create function sqlite_compat.json_type(value text, path text default '$') returns text
language sql immutable parallel safe
set search_path = pg_catalog as $$
  select case jsonb_typeof(item)
    when 'number' then case when item::text ~ '[.e]' then 'real' else 'integer' end
    when 'string' then 'text'
    when 'boolean' then item::text
    else jsonb_typeof(item)
  end
  from (select sqlite_compat._json_at(value::jsonb, path) as item) as found
$$;
create function sqlite_compat.json_type(value jsonb, path text default '$') returns text
language sql immutable parallel safe
set search_path = pg_catalog as $$ select sqlite_compat.json_type(value::text, path) $$;
