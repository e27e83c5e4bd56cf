-- Temporary tables, sqlite_stat1 and sqlite_sequence, which stay behind
-- expect: arrives
-- target: select string_agg(table_name, ',' order by table_name) from information_schema.tables where table_schema = 'public' and table_name <> 'pgmigrations' => t
CREATE TABLE t(id INTEGER PRIMARY KEY AUTOINCREMENT, v TEXT);
CREATE INDEX t_v ON t(v);
INSERT INTO t VALUES (1, 'x'), (2, 'y');
CREATE TEMP TABLE scratch(a);
INSERT INTO scratch VALUES (1);
ANALYZE;
