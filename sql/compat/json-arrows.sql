-- -> and ->> with paths of SQLite's, of JSON that is a text, too. A name without $ is a member.
create function sqlite_compat._arrow(value text, step text) returns jsonb
language sql immutable parallel safe
set search_path = pg_catalog as $$
  select sqlite_compat._json_at(value::jsonb, case when step like '$%' then step else '$."' || step || '"' end)
$$;
create function sqlite_compat._arrow(value jsonb, step text) returns jsonb
language sql immutable parallel safe
set search_path = pg_catalog as $$
  select sqlite_compat._json_at(value, case when step like '$%' then step else '$."' || step || '"' end)
$$;
create function sqlite_compat._arrow(value json, step text) returns jsonb
language sql immutable parallel safe
set search_path = pg_catalog as $$ select sqlite_compat._arrow(value::jsonb, step) $$;
create function sqlite_compat._arrow_text(value text, step text) returns text
language sql immutable parallel safe
set search_path = pg_catalog as $$ select sqlite_compat._json_scalar(sqlite_compat._arrow(value, step)) $$;
create function sqlite_compat._arrow_text(value jsonb, step text) returns text
language sql immutable parallel safe
set search_path = pg_catalog as $$ select sqlite_compat._json_scalar(sqlite_compat._arrow(value, step)) $$;
create function sqlite_compat._arrow_text(value json, step text) returns text
language sql immutable parallel safe
set search_path = pg_catalog as $$ select sqlite_compat._json_scalar(sqlite_compat._arrow(value, step)) $$;
create operator sqlite_compat.-> (leftarg = text, rightarg = text, function = sqlite_compat._arrow);
create operator sqlite_compat.-> (leftarg = jsonb, rightarg = text, function = sqlite_compat._arrow);
create operator sqlite_compat.-> (leftarg = json, rightarg = text, function = sqlite_compat._arrow);
create operator sqlite_compat.->> (leftarg = text, rightarg = text, function = sqlite_compat._arrow_text);
create operator sqlite_compat.->> (leftarg = jsonb, rightarg = text, function = sqlite_compat._arrow_text);
create operator sqlite_compat.->> (leftarg = json, rightarg = text, function = sqlite_compat._arrow_text);
