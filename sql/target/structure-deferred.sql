-- Objects that are recreated at the cutover at the latest, by name.
select case kind when 'constraint' then case when definition ~* '^\s*check' then 'check' else 'unique-index' end
                 when 'index' then case when definition ~* '^\s*create unique' then 'unique-index' else 'index' end
                 else kind end as kind,
       relation as "table", name, null::text as columns
from changeover.deferred
where not restored
