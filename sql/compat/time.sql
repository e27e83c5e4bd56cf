create function sqlite_compat."time"(value text default 'now', variadic modifiers text[] default '{}') returns text
language sql stable parallel safe
set search_path = pg_catalog as $$
  select sqlite_compat._clock_text((sqlite_compat._moment(value, modifiers) + 43200000) % 86400000,
    sqlite_compat._wants_fraction(value, modifiers))
$$;
