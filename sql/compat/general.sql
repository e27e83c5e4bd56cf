-- The power of ten of a number's first digit.
create function sqlite_compat._power(value numeric) returns int
language sql immutable parallel safe
set search_path = pg_catalog as $$
  select case when abs(value) >= 1 then length(trunc(abs(value))::text) - 1
    else -length(substring(value::text from '\.(0*)')) - 1 end
$$;

-- A real by C's %.*g.
create function sqlite_compat._general(value double precision, digits int) returns text
language plpgsql immutable parallel safe
set search_path = pg_catalog as $$
declare
  exact numeric;
  power int;
  text text;
begin
  if value = 0 then return '0'; end if;
  exact := sqlite_compat._exact(value);
  power := sqlite_compat._power(exact);
  exact := round(exact, digits - 1 - power);
  power := sqlite_compat._power(exact);
  if power < -4 or power >= digits then
    text := (round(exact / power(10::numeric, power), digits - 1))::text;
    if text like '%.%' then text := rtrim(rtrim(text, '0'), '.'); end if;
    return text || 'e' || case when power < 0 then '-' else '+' end || lpad(abs(power)::text, greatest(2, length(abs(power)::text)), '0');
  end if;
  text := round(exact, digits - 1 - power)::text;
  return case when text like '%.%' then rtrim(rtrim(text, '0'), '.') else text end;
end $$;
