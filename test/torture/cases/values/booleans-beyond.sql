-- 2 and -1 in a BOOLEAN column
-- expect: arrives
-- finding: INVALID_BOOLEAN t.ok
-- target: select pg_typeof(ok), ok from t order by id => bigint | 1 ; bigint | 2 ; bigint | -1
CREATE TABLE t(id INTEGER PRIMARY KEY, ok BOOLEAN);
INSERT INTO t VALUES (1, 1), (2, 2), (3, -1);
