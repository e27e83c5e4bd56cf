create function sqlite_compat.typeof(value text) returns text
language sql immutable parallel safe
set search_path = pg_catalog as $$ select case when value is null then 'null' else 'text' end $$;
create function sqlite_compat.typeof(value anyelement) returns text
language sql stable as $$
  select case
    when value is null then 'null'
    when pg_typeof(value) in ('smallint'::regtype, 'integer', 'bigint', 'boolean') then 'integer'
    when pg_typeof(value) in ('real'::regtype, 'double precision', 'numeric') then 'real'
    when pg_typeof(value) = 'bytea'::regtype then 'blob'
    else 'text'
  end
$$;
