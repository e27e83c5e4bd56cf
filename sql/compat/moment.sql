-- A time value of SQLite's with its modifiers, as milliseconds of the Julian day; null where SQLite knows no such time.
create function sqlite_compat._moment(value text, modifiers text[]) returns bigint
language plpgsql stable parallel safe
set search_path = pg_catalog as $$
declare
  part text[];
  rest text;
  jd bigint;
  raw double precision;
  modifier text;
  place int := 0;
begin
  if value is null or value = '' or array_position(modifiers, null) is not null then return null; end if;
  if lower(value) = 'now' or lower(value) in ('subsec', 'subsecond') then
    jd := floor(extract(epoch from clock_timestamp()) * 1000)::bigint + 210866760000000;
  else
    part := regexp_match(value, '^(-?)(\d{4})-(\d\d)-(\d\d)(?:[ \tT]+(.*)|)$', 's');
    if part is not null then
      if part[3]::int not between 1 and 12 or part[4]::int not between 1 and 31 then return null; end if;
      jd := sqlite_compat._day_start((part[1] || part[2])::int, part[3]::int, part[4]::int);
      rest := part[5];
    else
      rest := value;
      jd := sqlite_compat._day_start(2000, 1, 1);
    end if;
    if rest is not null and rest <> '' then
      raw := sqlite_compat._clock(rest);
      if raw is not null then
        jd := jd + raw::bigint;
      elsif part is null and value ~* '^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*$' then
        raw := trim(value)::double precision;
        jd := null;
      else
        return null;
      end if;
    end if;
  end if;
  if jd is null then
    if lower(modifiers[1]) = 'unixepoch' or (lower(modifiers[1]) = 'auto' and not (raw >= 0 and raw < 5373484.5)
        and raw between -210866760000 and 253402300799) then
      if raw * 1000.0 + 210866760000000.0 not between 0 and 464269060799999.0 then return null; end if;
      jd := floor(raw * 1000.0 + 210866760000000.0 + 0.5)::bigint;
      place := 1;
    elsif raw >= 0 and raw < 5373484.5 then
      jd := floor(raw * 86400000.0 + 0.5)::bigint;
      if lower(modifiers[1]) in ('julianday', 'auto') then place := 1; end if;
    else
      return null;
    end if;
  elsif lower(modifiers[1]) = 'auto' then
    place := 1;
  end if;
  foreach modifier in array modifiers[place + 1:] loop
    jd := sqlite_compat._modified(jd, modifier);
    if jd is null or jd not between 0 and 464269060799999 then return null; end if;
  end loop;
  return case when jd between 0 and 464269060799999 then jd end;
end $$;
