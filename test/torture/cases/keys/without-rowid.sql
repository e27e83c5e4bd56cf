-- WITHOUT ROWID with a composite key in another order than the columns
-- expect: arrives
-- target: select string_agg(a.attname, ',' order by array_position(i.indkey::int2[], a.attnum)) from pg_index i join pg_attribute a on a.attrelid = i.indrelid and a.attnum = any(i.indkey) where i.indisprimary and i.indrelid = 't'::regclass => c,a
-- during: UPDATE t SET c = 'z' WHERE a = 1; REPLACE INTO t VALUES (2, 'changed', 'y')
CREATE TABLE t(a INTEGER, b TEXT, c TEXT, PRIMARY KEY (c, a)) WITHOUT ROWID;
INSERT INTO t VALUES (1, 'x', 'k'), (2, 'y', 'y'), (3, NULL, '');
