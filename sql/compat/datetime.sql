create function sqlite_compat.datetime(value text default 'now', variadic modifiers text[] default '{}') returns text
language sql stable parallel safe
set search_path = pg_catalog as $$
  select sqlite_compat._day_text(sqlite_compat._calendar(jd)) || ' '
    || sqlite_compat._clock_text((jd + 43200000) % 86400000, sqlite_compat._wants_fraction(value, modifiers))
  from (select sqlite_compat._moment(value, modifiers) as jd) as moment
$$;
