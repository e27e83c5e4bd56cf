create function sqlite_compat._printed(spec text, value text) returns text
language plpgsql immutable parallel safe
set search_path = pg_catalog as $$
declare
  part text[] := regexp_match(spec, '^%([-+ 0,]*)(\d*)(?:\.(\d+))?(.)$');
  flags text := part[1];
  width int := coalesce(nullif(part[2], ''), '0')::int;
  digits int := part[3]::int;
  kind text := part[4];
  number numeric;
  body text;
  sign text := '';
begin
  if kind in ('d', 'i', 'x', 'X') then
    body := substring(value from '^\s*([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)');
    number := coalesce(body, '0')::numeric;
  end if;
  case kind
    when 's', 'z' then body := case when digits is null then coalesce(value, '') else left(coalesce(value, ''), digits) end;
    when 'q' then body := replace(coalesce(value, '(NULL)'), '''', '''''');
    when 'Q' then body := sqlite_compat.quote(value);
    when 'w' then body := replace(coalesce(value, '(NULL)'), '"', '""');
    when 'c' then body := left(coalesce(value, ''), 1);
    when 'd', 'i' then
      body := abs(trunc(number))::text;
      if digits is not null then body := lpad(body, greatest(digits, length(body)), '0'); end if;
      if flags like '%,%' then body := regexp_replace(body, '\Y(?=(\d{3})+$)', ',', 'g'); end if;
      sign := case when trunc(number) < 0 then '-' when flags like '%+%' then '+' when flags like '% %' then ' ' else '' end;
    when 'x' then body := to_hex(trunc(number)::bigint);
    when 'X' then body := upper(to_hex(trunc(number)::bigint));
    else raise feature_not_supported using message = 'printf() knows no %' || kind || ' here';
  end case;
  if length(sign || body) < width then
    if flags like '%-%' then return rpad(sign || body, width); end if;
    if flags like '%0%' and kind not in ('s', 'z', 'q', 'Q', 'w', 'c') then
      return sign || lpad(body, width - length(sign), '0');
    end if;
    return lpad(sign || body, width);
  end if;
  return sign || body;
end $$;

create function sqlite_compat.printf(format text, variadic given text[] default '{}') returns text
language plpgsql immutable parallel safe
set search_path = pg_catalog as $$
declare
  piece text;
  result text := '';
  place int := 0;
begin
  if format is null then return null; end if;
  for piece in select m[1] from regexp_matches(format, '(%[-+ 0,]*\d*(?:\.\d+)?.|[^%]+|%)', 'gs') as m loop
    if piece not like '\%_%' then
      result := result || piece;
    elsif piece like '%\%' then
      result := result || '%';
    else
      place := place + 1;
      result := result || sqlite_compat._printed(piece, given[place]);
    end if;
  end loop;
  return result;
end $$;
