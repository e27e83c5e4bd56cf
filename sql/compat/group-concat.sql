create function sqlite_compat._concat(text, text, text) returns text
language sql immutable parallel safe
set search_path = pg_catalog as $$
  select case when $2 is null then $1 when $1 is null then $2 else $1 || coalesce($3, '') || $2 end
$$;
create function sqlite_compat._concat(text, text) returns text
language sql immutable parallel safe
set search_path = pg_catalog as $$ select sqlite_compat._concat($1, $2, ',') $$;
create function sqlite_compat._concat(text, bigint) returns text
language sql immutable parallel safe
set search_path = pg_catalog as $$ select sqlite_compat._concat($1, $2::text, ',') $$;
create function sqlite_compat._concat(text, bigint, text) returns text
language sql immutable parallel safe
set search_path = pg_catalog as $$ select sqlite_compat._concat($1, $2::text, $3) $$;
create aggregate sqlite_compat.group_concat(text) (sfunc = sqlite_compat._concat, stype = text);
create aggregate sqlite_compat.group_concat(text, text) (sfunc = sqlite_compat._concat, stype = text);
create aggregate sqlite_compat.group_concat(bigint) (sfunc = sqlite_compat._concat, stype = text);
create aggregate sqlite_compat.group_concat(bigint, text) (sfunc = sqlite_compat._concat, stype = text);
