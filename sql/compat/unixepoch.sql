create function sqlite_compat.unixepoch(value text default 'now', variadic modifiers text[] default '{}') returns bigint
language plpgsql stable parallel safe
set search_path = pg_catalog as $$
begin
  if sqlite_compat._wants_fraction(value, modifiers) then
    raise feature_not_supported using message = 'unixepoch() with subsec gives another type';
  end if;
  return sqlite_compat._moment(value, modifiers) / 1000 - 210866760000;
end $$;
