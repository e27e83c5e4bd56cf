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
  power := floor(log(abs(exact)))::int;
  exact := round(exact, digits - 1 - power);
  power := floor(log(abs(exact)))::int;
  if power < -4 or power >= digits then
    text := (round(exact / power(10::numeric, power), digits - 1))::text;
    if text like '%.%' then text := rtrim(rtrim(text, '0'), '.'); end if;
    return text || 'e' || case when power < 0 then '-' else '+' end || lpad(abs(power)::text, greatest(2, length(abs(power)::text)), '0');
  end if;
  text := round(exact, digits - 1 - power)::text;
  return case when text like '%.%' then rtrim(rtrim(text, '0'), '.') else text end;
end $$;
