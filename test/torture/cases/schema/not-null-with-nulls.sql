-- NULLs in a NOT NULL column, written before it was made so
-- expect: arrives
-- target: select count(*) from t where v is null => 1
CREATE TABLE t(id INTEGER PRIMARY KEY, v TEXT);
INSERT INTO t VALUES (1, NULL), (2, 'x');
PRAGMA writable_schema = ON;
UPDATE sqlite_schema SET sql = 'CREATE TABLE t(id INTEGER PRIMARY KEY, v TEXT NOT NULL)' WHERE name = 't';
PRAGMA writable_schema = RESET;
