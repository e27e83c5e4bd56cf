-- Columns of the given tables with a sequence. $1: array of "schema.table" as regclass text.
select n.nspname as schema, c.relname as "table", a.attname as "column",
  pg_get_serial_sequence(format('%I.%I', n.nspname, c.relname), a.attname) as sequence
from pg_class c join pg_namespace n on n.oid = c.relnamespace
join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
where c.oid = any($1::text[]::regclass[])
  and pg_get_serial_sequence(format('%I.%I', n.nspname, c.relname), a.attname) is not null
