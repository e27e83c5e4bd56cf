-- A division by zero gives NULL.
create function sqlite_compat._divided(bigint, bigint) returns bigint
language sql immutable parallel safe
set search_path = pg_catalog as $$ select $1 operator(pg_catalog./) nullif($2, 0) $$;
create function sqlite_compat._divided(double precision, double precision) returns double precision
language sql immutable parallel safe
set search_path = pg_catalog as $$ select $1 operator(pg_catalog./) nullif($2, 0) $$;
create function sqlite_compat._remainder(bigint, bigint) returns bigint
language sql immutable parallel safe
set search_path = pg_catalog as $$ select $1 operator(pg_catalog.%) nullif($2, 0) $$;
create operator sqlite_compat./ (leftarg = bigint, rightarg = bigint, function = sqlite_compat._divided);
create operator sqlite_compat./ (
  leftarg = double precision, rightarg = double precision, function = sqlite_compat._divided
);
create operator sqlite_compat.% (leftarg = bigint, rightarg = bigint, function = sqlite_compat._remainder);
