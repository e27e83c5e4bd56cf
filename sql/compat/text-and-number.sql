-- A text column next to a number: the number is taken for a text.
create function sqlite_compat._equal(text, bigint) returns boolean
language sql immutable parallel safe
set search_path = pg_catalog as $$ select $1 = $2::text $$;
create function sqlite_compat._equal(bigint, text) returns boolean
language sql immutable parallel safe
set search_path = pg_catalog as $$ select $1::text = $2 $$;
create function sqlite_compat._unequal(text, bigint) returns boolean
language sql immutable parallel safe
set search_path = pg_catalog as $$ select $1 <> $2::text $$;
create function sqlite_compat._unequal(bigint, text) returns boolean
language sql immutable parallel safe
set search_path = pg_catalog as $$ select $1::text <> $2 $$;
create operator sqlite_compat.= (leftarg = text, rightarg = bigint, function = sqlite_compat._equal);
create operator sqlite_compat.= (leftarg = bigint, rightarg = text, function = sqlite_compat._equal);
create operator sqlite_compat.<> (leftarg = text, rightarg = bigint, function = sqlite_compat._unequal);
create operator sqlite_compat.<> (leftarg = bigint, rightarg = text, function = sqlite_compat._unequal);
