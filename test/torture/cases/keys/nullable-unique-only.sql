-- No primary key, only a UNIQUE column that may be NULL, and is, repeatedly
-- expect: arrives
-- target: select count(*) from t where code is null => 2
-- target: select count(*) from pg_index i join pg_class c on c.oid = i.indrelid where c.relname = 't' and i.indisunique => 1
-- during: INSERT INTO t VALUES (NULL, 4); UPDATE t SET code = 'B' WHERE code = 'b'; DELETE FROM t WHERE n = 2
CREATE TABLE t(code TEXT UNIQUE, n INTEGER);
INSERT INTO t VALUES ('a', 1), (NULL, 2), (NULL, 3), ('b', 5);
