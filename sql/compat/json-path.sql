-- The steps of a path such as $.a.b[0]; null where it has another form.
create function sqlite_compat._json_steps(path text) returns text[]
language plpgsql immutable parallel safe
set search_path = pg_catalog as $$
declare
  rest text := substr(path, 2);
  steps text[] := '{}';
  part text[];
begin
  if path not like '$%' then return null; end if;
  while rest <> '' loop
    part := coalesce(
      regexp_match(rest, '^\."([^"\\]*)"(.*)$', 's'),
      regexp_match(rest, '^\.([^."[]+)(.*)$', 's'),
      regexp_match(rest, '^\[(\d+)\](.*)$', 's'),
      regexp_match(rest, '^\[#(-\d+)\](.*)$', 's'));
    if part is null then return null; end if;
    steps := steps || part[1];
    rest := part[2];
  end loop;
  return steps;
end $$;

-- What is at a path; null where there is nothing. A step into an array must be a place, into an object a name.
create function sqlite_compat._json_at(value jsonb, path text) returns jsonb
language plpgsql immutable parallel safe
set search_path = pg_catalog as $$
declare
  steps text[] := sqlite_compat._json_steps(path);
  kinds text[];
  step text;
  place int := 0;
begin
  if value is null or path is null then return null; end if;
  if steps is null then raise invalid_parameter_value using message = 'bad JSON path'; end if;
  kinds := array(select case when m[1] like '[%' then 'array' else 'object' end
    from regexp_matches(substr(path, 2), '(\."[^"]*"|\.[^."[]+|\[[^]]*\])', 'g') as m);
  foreach step in array steps loop
    place := place + 1;
    if jsonb_typeof(value) is distinct from kinds[place] then return null; end if;
    value := case kinds[place] when 'array' then value -> step::int else value -> step end;
  end loop;
  return value;
end $$;

-- JSON without blanks.
create function sqlite_compat._json_text(value jsonb) returns text
language plpgsql immutable parallel safe
set search_path = pg_catalog as $$
begin
  return case jsonb_typeof(value)
    when 'array' then
      '[' || coalesce((select string_agg(sqlite_compat._json_text(item), ',' order by place)
        from jsonb_array_elements(value) with ordinality as items(item, place)), '') || ']'
    when 'object' then
      '{' || coalesce((select string_agg(to_json(key)::text || ':' || sqlite_compat._json_text(item), ',')
        from jsonb_each(value) as members(key, item)), '') || '}'
    else value::text
  end;
end $$;

-- A JSON value as the text of what SQLite makes of it.
create function sqlite_compat._json_scalar(value jsonb) returns text
language sql immutable parallel safe
set search_path = pg_catalog as $$
  select case jsonb_typeof(value)
    when 'null' then null
    when 'boolean' then value::boolean::int::text
    when 'string' then value #>> '{}'
    else sqlite_compat._json_text(value)
  end
$$;
