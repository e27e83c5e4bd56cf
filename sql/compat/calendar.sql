-- Midnight of a day, in milliseconds of the Julian day, by SQLite's own arithmetic: the 31st of February is in March.
create function sqlite_compat._day_start(year int, month int, day int) returns bigint
language plpgsql immutable parallel safe
set search_path = pg_catalog as $$
declare
  y int := case when month <= 2 then year - 1 else year end;
  m int := case when month <= 2 then month + 12 else month end;
  century int := (y + 4800) / 100;
  correction int := 38 - century + century / 4;
begin
  return ((36525 * (y + 4716) / 100 + 306001 * (m + 1) / 10000 + day + correction)::numeric - 1524.5) * 86400000;
end $$;

-- Year, month and day of a moment.
create function sqlite_compat._calendar(jd bigint) returns int[]
language plpgsql immutable parallel safe
set search_path = pg_catalog as $$
declare
  z int := (jd + 43200000) / 86400000;
  alpha int := trunc((z + 32044.75) / 36524.25)::int - 52;
  a int := z + 1 + alpha - ((alpha + 100) / 4) + 25;
  b int := a + 1524;
  c int := trunc((b - 122.1) / 365.25);
  d int := (36525 * (c & 32767)) / 100;
  e int := trunc((b - d) / 30.6001);
  month int := case when e < 14 then e - 1 else e - 13 end;
begin
  return array[case when month > 2 then c - 4716 else c - 4715 end, month, b - d - trunc(30.6001 * e)::int];
end $$;

-- HH:MM, HH:MM:SS or HH:MM:SS.SSS with or without a zone, as milliseconds; null where it is none.
create function sqlite_compat._clock(value text) returns bigint
language plpgsql immutable parallel safe
set search_path = pg_catalog as $$
declare
  part text[] :=
    regexp_match(value, '^(\d\d):(\d\d)(?::(\d\d)(\.\d+)?)?\s*(?:([zZ])|([+-])(\d\d):(\d\d))?\s*$');
  zone bigint := 0;
begin
  if part is null or part[1]::int > 24 or part[2]::int > 59 or coalesce(part[3], '0')::int > 59 then return null; end if;
  if part[6] is not null then
    if part[7]::int > 14 or part[8]::int > 59 then return null; end if;
    zone := (part[6] || '1')::int * (part[7]::int * 60 + part[8]::int) * 60000;
  end if;
  return part[1]::bigint * 3600000 + part[2]::bigint * 60000
    + floor((coalesce(part[3], '0') || coalesce(part[4], ''))::double precision * 1000 + 0.5)::bigint - zone;
end $$;

-- A moment that one modifier has moved; null where SQLite knows no such modifier.
create function sqlite_compat._modified(jd bigint, modifier text) returns bigint
language plpgsql stable parallel safe
set search_path = pg_catalog as $$
declare
  part text[];
  unit text;
  amount double precision;
  ymd int[];
  day bigint := (jd + 43200000) / 86400000;
  within bigint := (jd + 43200000) % 86400000;
  months int;
begin
  case lower(modifier)
    when 'subsec', 'subsecond' then return jd;
    when 'start of day' then return jd - within;
    when 'start of month', 'start of year' then
      ymd := sqlite_compat._calendar(jd);
      return sqlite_compat._day_start(ymd[1], case when lower(modifier) = 'start of year' then 1 else ymd[2] end, 1);
    when 'utc' then return sqlite_compat._through_zone(jd, false);
    when 'localtime' then return sqlite_compat._through_zone(jd, true);
    else null;
  end case;
  part := regexp_match(modifier, '^weekday ([0-6])(?:\.0*)?$', 'i');
  if part is not null then
    day := ((jd + 129600000) / 86400000) % 7;
    return jd + (part[1]::int - case when day > part[1]::int then day - 7 else day end) * 86400000;
  end if;
  part := regexp_match(modifier, '^([+-]?)(\d\d:\d\d(?::\d\d(?:\.\d+)?)?)$');
  if part is not null then
    amount := sqlite_compat._clock(part[2]);
    if amount is null then return null; end if;
    return jd + case when part[1] = '-' then -1 else 1 end * (amount::bigint % 86400000);
  end if;
  part := regexp_match(modifier, '^([+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)\s*(second|minute|hour|day|month|year)s?$', 'i');
  if part is null then return null; end if;
  amount := part[1]::double precision;
  unit := lower(part[2]);
  if abs(amount) >= (case unit when 'second' then 464269060800.0 when 'minute' then 7737817680.0 when 'hour' then 128963628.0
      when 'day' then 5373485.0 when 'month' then 176546.0 else 14713.0 end) then
    return null;
  end if;
  if unit in ('month', 'year') then
    ymd := sqlite_compat._calendar(jd);
    months := ymd[1] * 12 + ymd[2] - 1 + trunc(amount)::int * case unit when 'year' then 12 else 1 end;
    jd := sqlite_compat._day_start(floor(months / 12.0)::int, months - floor(months / 12.0)::int * 12 + 1, ymd[3]) + within;
    amount := amount - trunc(amount);
  end if;
  return jd + trunc(amount * 1000.0 * case unit when 'second' then 1 when 'minute' then 60 when 'hour' then 3600
    when 'day' then 86400 when 'month' then 2592000 else 31536000 end
    + case when part[1] like '-%' then -0.5 else 0.5 end)::bigint;
end $$;

-- From UTC to the session's time zone, or back.
create function sqlite_compat._through_zone(jd bigint, to_local boolean) returns bigint
language sql stable parallel safe
set search_path = pg_catalog as $$
  select floor(extract(epoch from case when to_local
      then (to_timestamp((jd - 210866760000000) / 1000.0) at time zone current_setting('TimeZone')) at time zone 'UTC'
      else (to_timestamp((jd - 210866760000000) / 1000.0) at time zone 'UTC') at time zone current_setting('TimeZone')
    end) * 1000)::bigint + 210866760000000
$$;
