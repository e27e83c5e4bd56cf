create function sqlite_compat.substr(value text, start bigint, count bigint default null) returns text
language plpgsql immutable parallel safe
set search_path = pg_catalog as $$
declare
  length bigint := char_length(value);
  p1 bigint := start;
  p2 bigint := abs(coalesce(count, 1000000000));
begin
  if value is null or start is null then return null; end if;
  if p1 < 0 then
    p1 := p1 + length;
    if p1 < 0 then
      p2 := greatest(p2 + p1, 0);
      p1 := 0;
    end if;
  elsif p1 > 0 then
    p1 := p1 - 1;
  elsif p2 > 0 then
    p2 := p2 - 1;
  end if;
  if count < 0 then
    p1 := p1 - p2;
    if p1 < 0 then
      p2 := p2 + p1;
      p1 := 0;
    end if;
  end if;
  return pg_catalog.substr(value, (least(p1, length) + 1)::int, greatest(least(p2, length), 0)::int);
end $$;
create function sqlite_compat.substr(value text, start int, count int) returns text
language sql immutable parallel safe
set search_path = pg_catalog as $$ select sqlite_compat.substr(value, start::bigint, count::bigint) $$;
create function sqlite_compat.substr(value text, start int) returns text
language sql immutable parallel safe
set search_path = pg_catalog as $$ select sqlite_compat.substr(value, start::bigint, null::bigint) $$;
