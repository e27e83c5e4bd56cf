-- As SQLite adds: what each addition loses is kept, and added in the end.
create function sqlite_compat._add(double precision[], double precision) returns double precision[]
language plpgsql immutable parallel safe
set search_path = pg_catalog as $$
declare
  sum double precision;
begin
  if $2 is null then return $1; end if;
  sum := $1[1] + $2;
  return array[sum, $1[2] + case when abs($1[1]) > abs($2) then ($1[1] - sum) + $2 else ($2 - sum) + $1[1] end];
end $$;
create function sqlite_compat._added(double precision[]) returns double precision
language sql immutable parallel safe
set search_path = pg_catalog as $$ select $1[1] + $1[2] $$;
create aggregate sqlite_compat.total(double precision) (
  sfunc = sqlite_compat._add, stype = double precision[], finalfunc = sqlite_compat._added, initcond = '{0,0}'
);
