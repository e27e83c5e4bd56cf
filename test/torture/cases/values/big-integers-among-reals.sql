-- Reals, and integers that no double holds, in one NUMERIC column
-- expect: arrives
-- target: select pg_typeof(v), v from t order by id => numeric | 9007199254740993 ; numeric | 0.5 ; numeric | 9223372036854775807
CREATE TABLE t(id INTEGER PRIMARY KEY, v NUMERIC);
INSERT INTO t VALUES (1, 9007199254740993), (2, 0.5), (3, 9223372036854775807);
