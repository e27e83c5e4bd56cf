create function sqlite_compat.instr(text, text) returns bigint
language sql immutable parallel safe
set search_path = pg_catalog as $$ select case when $2 = '' and $1 is not null then 1 else strpos($1, $2) end::bigint $$;
create function sqlite_compat.instr(bytea, bytea) returns bigint
language sql immutable parallel safe
set search_path = pg_catalog as $$ select position($2 in $1)::bigint $$;
