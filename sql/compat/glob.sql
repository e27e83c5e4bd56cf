-- A pattern of GLOB as a regular expression; null where it matches nothing.
create function sqlite_compat._glob_regex(pattern text) returns text
language plpgsql immutable parallel safe
set search_path = pg_catalog as $$
declare
  part text[];
  rest text := pattern;
  result text := '^';
  inside text;
  item text[];
begin
  while rest <> '' loop
    case left(rest, 1)
      when '*' then result := result || '.*'; rest := substr(rest, 2);
      when '?' then result := result || '.'; rest := substr(rest, 2);
      when '[' then
        part := regexp_match(rest, '^\[(\^?)(\]?[^]]*)\](.*)$', 's');
        if part is null or part[2] = '' then return null; end if;
        inside := '';
        for item in
          select m from regexp_matches(part[2], '([^-])-([^-])|(.)', 'gs') as m
        loop
          if item[1] is not null then
            if ascii(item[1]) <= ascii(item[2]) then
              inside := inside || regexp_replace(item[1], '([][\\^-])', '\\\1') || '-'
                || regexp_replace(item[2], '([][\\^-])', '\\\1');
            end if;
          else
            inside := inside || regexp_replace(item[3], '([][\\^-])', '\\\1');
          end if;
        end loop;
        if inside = '' then return null; end if;
        result := result || '[' || part[1] || inside || ']';
        rest := part[3];
      else
        result := result || regexp_replace(left(rest, 1), '([\\^$.|+(){}\]])', '\\\1');
        rest := substr(rest, 2);
    end case;
  end loop;
  return result || '$';
end $$;

create function sqlite_compat.glob(pattern text, value text) returns boolean
language sql immutable parallel safe
set search_path = pg_catalog as $$
  select case when pattern is null or value is null then null
    else coalesce(value collate "C" ~ sqlite_compat._glob_regex(pattern), false) end
$$;
