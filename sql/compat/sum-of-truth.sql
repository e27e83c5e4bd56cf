create function sqlite_compat._add_truth(bigint, boolean) returns bigint
language sql immutable parallel safe
set search_path = pg_catalog as $$ select case when $2 is null then $1 else coalesce($1, 0) + $2::int end $$;
create aggregate sqlite_compat.sum(boolean) (sfunc = sqlite_compat._add_truth, stype = bigint);
