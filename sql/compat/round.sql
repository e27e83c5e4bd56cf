create function sqlite_compat.round(value double precision) returns double precision
language sql immutable parallel safe
set search_path = pg_catalog as $$
  select case when abs(value) > 4503599627370496.0 then value
    else trunc(value + case when value < 0 then -0.5 else 0.5 end) end
$$;
create function sqlite_compat.round(value double precision, digits int) returns double precision
language sql immutable parallel safe
set search_path = pg_catalog as $$
  select case when digits <= 0 then sqlite_compat.round(value) when abs(value) > 4503599627370496.0 then value
    else round(sqlite_compat._exact(value), least(digits, 30))::double precision end
$$;
create function sqlite_compat.round(value bigint) returns double precision
language sql immutable parallel safe
set search_path = pg_catalog as $$ select value::double precision $$;
