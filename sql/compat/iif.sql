create function sqlite_compat.iif(condition boolean, anycompatible, anycompatible) returns anycompatible
language sql immutable as $$ select case when $1 then $2 else $3 end $$;
create function sqlite_compat.iif(condition bigint, anycompatible, anycompatible) returns anycompatible
language sql immutable as $$ select case when $1 <> 0 then $2 else $3 end $$;
