-- Infinity and -Infinity in a REAL column
-- expect: arrives
-- finding: INFINITE t.r
-- target: select r from t order by id => Infinity ; -Infinity ; 1.5
CREATE TABLE t(id INTEGER PRIMARY KEY, r REAL);
INSERT INTO t VALUES (1, 9e999), (2, -9e999), (3, 1.5);
