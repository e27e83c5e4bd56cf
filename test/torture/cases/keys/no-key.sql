-- A table without any key, with equal rows in it
-- expect: arrives
-- target: select count(*), count(distinct (a, b)) from t => 6 | 2
-- target: select count(*) from information_schema.columns where table_name = 't' => 2
-- during: INSERT INTO t VALUES (1, 'one'); DELETE FROM t WHERE a = 2; UPDATE t SET b = 'none' WHERE a IS NULL
CREATE TABLE t(a INTEGER, b TEXT);
INSERT INTO t VALUES (1, 'one'), (1, 'one'), (1, 'one'), (2, 'two'), (NULL, NULL), (NULL, '');
