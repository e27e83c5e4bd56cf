create function sqlite_compat._json_append(jsonb, anyelement) returns jsonb
language sql immutable as $$ select $1 || jsonb_build_array($2) $$;
create aggregate sqlite_compat.json_group_array(anyelement) (
  sfunc = sqlite_compat._json_append, stype = jsonb, initcond = '[]'
);
