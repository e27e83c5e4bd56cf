-- CREATE DATABASE … TEMPLATE copies what lies in a database, and nothing that is said of it.
select d.datacl is null
  and shobj_description(d.oid, 'pg_database') is null
  and not exists (select from pg_db_role_setting where setdatabase = d.oid)
  and not exists (select from pg_subscription where subdbid = d.oid) as whole
from pg_database d
where d.datname = $1
