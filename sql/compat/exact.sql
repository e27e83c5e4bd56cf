-- All digits of a real.
create function sqlite_compat._exact(value double precision) returns numeric
language plpgsql immutable parallel safe
set search_path = pg_catalog as $$
declare
  bits bigint := ('x' || encode(float8send(value), 'hex'))::bit(64)::bigint;
  exponent int := ((bits >> 52) & 2047)::int;
  mantissa bigint := bits & 4503599627370495;
  result numeric;
begin
  if exponent = 2047 then return null; end if;
  if exponent = 0 then exponent := 1; else mantissa := mantissa | 4503599627370496; end if;
  exponent := exponent - 1075;
  result := case when exponent >= 0 then mantissa * (2::numeric ^ exponent)
    else mantissa * (5::numeric ^ (-exponent)) * ('1e' || exponent)::numeric end;
  return case when bits < 0 then -result else result end;
end $$;
