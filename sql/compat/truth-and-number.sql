create function sqlite_compat._equal(boolean, bigint) returns boolean
language sql immutable parallel safe
set search_path = pg_catalog as $$ select $1::int = $2 $$;
create function sqlite_compat._equal(bigint, boolean) returns boolean
language sql immutable parallel safe
set search_path = pg_catalog as $$ select $1 = $2::int $$;
create function sqlite_compat._unequal(boolean, bigint) returns boolean
language sql immutable parallel safe
set search_path = pg_catalog as $$ select $1::int <> $2 $$;
create function sqlite_compat._unequal(bigint, boolean) returns boolean
language sql immutable parallel safe
set search_path = pg_catalog as $$ select $1 <> $2::int $$;
create operator sqlite_compat.= (leftarg = boolean, rightarg = bigint, function = sqlite_compat._equal);
create operator sqlite_compat.= (leftarg = bigint, rightarg = boolean, function = sqlite_compat._equal);
create operator sqlite_compat.<> (leftarg = boolean, rightarg = bigint, function = sqlite_compat._unequal);
create operator sqlite_compat.<> (leftarg = bigint, rightarg = boolean, function = sqlite_compat._unequal);
