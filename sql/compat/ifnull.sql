create function sqlite_compat.ifnull(anycompatible, anycompatible) returns anycompatible
language sql immutable as $$ select coalesce($1, $2) $$;
