create function sqlite_compat.strftime(format text, value text default 'now', variadic modifiers text[] default '{}')
returns text
language plpgsql stable parallel safe
set search_path = pg_catalog as $$
declare
  jd bigint := sqlite_compat._moment(value, modifiers);
  ymd int[];
  within bigint;
  year_day int;
  week_day int;
  hour int;
  result text := '';
  piece text;
begin
  if jd is null or format is null then return null; end if;
  ymd := sqlite_compat._calendar(jd);
  within := (jd + 43200000) % 86400000;
  hour := within / 3600000;
  year_day := (jd - within - sqlite_compat._day_start(ymd[1], 1, 1)) / 86400000;
  week_day := ((jd + 129600000) / 86400000) % 7;
  for piece in select m[1] from regexp_matches(format, '(%.|[^%]+|%)', 'gs') as m loop
    if piece not like '\%%' then
      result := result || piece;
      continue;
    end if;
    result := result || case piece
      when '%d' then lpad(ymd[3]::text, 2, '0')
      when '%e' then lpad(ymd[3]::text, 2)
      when '%f' then to_char(least(within % 60000, 59999) / 1000.0, 'FM00.000')
      when '%F' then sqlite_compat._day_text(ymd)
      when '%H' then lpad(hour::text, 2, '0')
      when '%I' then lpad((case when hour % 12 = 0 then 12 else hour % 12 end)::text, 2, '0')
      when '%j' then lpad((year_day + 1)::text, 3, '0')
      when '%J' then sqlite_compat._general(jd / 86400000.0::double precision, 16)
      when '%k' then lpad(hour::text, 2)
      when '%l' then lpad((case when hour % 12 = 0 then 12 else hour % 12 end)::text, 2)
      when '%m' then lpad(ymd[2]::text, 2, '0')
      when '%M' then lpad((within / 60000 % 60)::text, 2, '0')
      when '%p' then case when hour >= 12 then 'PM' else 'AM' end
      when '%P' then case when hour >= 12 then 'pm' else 'am' end
      when '%R' then lpad(hour::text, 2, '0') || ':' || lpad((within / 60000 % 60)::text, 2, '0')
      when '%s' then case when sqlite_compat._wants_fraction(value, modifiers)
        then round((jd - 210866760000000) / 1000.0, 3)::text else (jd / 1000 - 210866760000)::text end
      when '%S' then lpad((within / 1000 % 60)::text, 2, '0')
      when '%T' then sqlite_compat._clock_text(within, false)
      when '%u' then (case when week_day = 0 then 7 else week_day end)::text
      when '%w' then week_day::text
      when '%W' then lpad(((year_day + 7 - (week_day + 6) % 7) / 7)::text, 2, '0')
      when '%Y' then sqlite_compat._year_text(ymd[1])
      when '%%' then '%'
    end;
    if result is null then return null; end if;
  end loop;
  return result;
end $$;
