-- LIKE without ESCAPE: ASCII letters of both cases are one, and a backslash is no escape.
create function sqlite_compat._folded(value text) returns text
language sql immutable parallel safe
set search_path = pg_catalog as $$
  select translate(value, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ', 'abcdefghijklmnopqrstuvwxyz')
$$;
create function sqlite_compat._like(value text, pattern text) returns boolean
language sql immutable parallel safe
set search_path = pg_catalog as $$
  select sqlite_compat._folded(value) operator(pg_catalog.~~) replace(sqlite_compat._folded(pattern), '\', '\\')
$$;
create function sqlite_compat._not_like(value text, pattern text) returns boolean
language sql immutable parallel safe
set search_path = pg_catalog as $$ select not sqlite_compat._like(value, pattern) $$;
create operator sqlite_compat.~~ (leftarg = text, rightarg = text, function = sqlite_compat._like);
create operator sqlite_compat.!~~ (leftarg = text, rightarg = text, function = sqlite_compat._not_like);
