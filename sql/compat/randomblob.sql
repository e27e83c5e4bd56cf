create function sqlite_compat.randomblob(bytes bigint) returns bytea
language sql volatile
set search_path = pg_catalog as $$
  select substr(string_agg(sha256(uuid_send(gen_random_uuid())), ''::bytea), 1, greatest(coalesce(bytes, 1), 1)::int)
  from generate_series(1, (greatest(coalesce(bytes, 1), 1) + 31) / 32)
$$;
