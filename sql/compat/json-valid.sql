create function sqlite_compat.json_valid(value text) returns bigint
language plpgsql immutable parallel safe
set search_path = pg_catalog as $$
begin
  if value is null then return null; end if;
  perform value::json;
  return 1;
exception when invalid_text_representation or untranslatable_character then
  return 0;
end $$;
