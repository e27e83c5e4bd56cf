-- Owners of the schema's tables, and dependent objects that affect the load.
select c.relname as name,
       pg_has_role(c.relowner, 'USAGE') as owned,
       (select count(*)::int from pg_trigger t where t.tgrelid = c.oid and not t.tgisinternal
          and t.tgfoid not in (select p.oid from pg_proc p join pg_namespace s on s.oid = p.pronamespace
      where s.nspname ~ '^changeover(_|$)')) as
            triggers,
       (select count(*)::int from pg_constraint k where k.conrelid = c.oid and k.contype = 'c') as checks,
       (select count(*)::int from pg_policy p where p.polrelid = c.oid) as policies,
       c.relrowsecurity as row_security,
       row_security_active(c.oid) as row_security_active
from pg_class c
join pg_namespace n on n.oid = c.relnamespace
where n.nspname = current_schema() and c.relkind in ('r', 'p')
