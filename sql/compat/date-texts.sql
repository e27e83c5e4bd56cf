create function sqlite_compat._year_text(year int) returns text
language sql immutable parallel safe
set search_path = pg_catalog as $$ select case when year < 0 then '-' else '' end || lpad(abs(year)::text, 4, '0') $$;

create function sqlite_compat._day_text(ymd int[]) returns text
language sql immutable parallel safe
set search_path = pg_catalog as $$
  select sqlite_compat._year_text(ymd[1]) || '-' || lpad(ymd[2]::text, 2, '0') || '-' || lpad(ymd[3]::text, 2, '0')
$$;

create function sqlite_compat._clock_text(within bigint, fraction boolean) returns text
language sql immutable parallel safe
set search_path = pg_catalog as $$
  select lpad((within / 3600000)::text, 2, '0') || ':' || lpad((within / 60000 % 60)::text, 2, '0') || ':'
    || lpad((within / 1000 % 60)::text, 2, '0') || case when fraction then '.' || lpad((within % 1000)::text, 3, '0') else '' end
$$;

create function sqlite_compat._wants_fraction(value text, modifiers text[]) returns boolean
language sql immutable parallel safe
set search_path = pg_catalog as $$
  select coalesce(lower(value) in ('subsec', 'subsecond'), false)
    or exists (select from unnest(modifiers) as m where lower(m) in ('subsec', 'subsecond'))
$$;
