-- Keys that SQLite compares without regard to case
-- expect: arrives
-- target: select string_agg(name, ',' order by name collate "C") from t => BOB,Carol,alice
-- during: UPDATE t SET name = 'BOB' WHERE name = 'bob'; INSERT OR REPLACE INTO t VALUES ('ALICE', 5); UPDATE t SET name = 'alice' WHERE name = 'Alice'
CREATE TABLE t(name TEXT COLLATE NOCASE PRIMARY KEY, v INTEGER);
INSERT INTO t VALUES ('Alice', 1), ('Bob', 2), ('Carol', 3);
