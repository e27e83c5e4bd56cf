create function sqlite_compat.date(value text default 'now', variadic modifiers text[] default '{}') returns text
language sql stable parallel safe
set search_path = pg_catalog as $$
  select sqlite_compat._day_text(sqlite_compat._calendar(sqlite_compat._moment(value, modifiers)))
$$;
