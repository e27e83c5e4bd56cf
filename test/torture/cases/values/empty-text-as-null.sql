-- '' in an INTEGER column, which a rule takes for NULL
-- expect: arrives
-- rules: {"tables": {"t": {"columns": {"n": {"type": "bigint", "nullAndEmpty": "empty-to-null"}}}}}
-- target: select id, n, pg_typeof(n) from t order by id => 1 | 10 | bigint ; 2 | NULL | bigint ; 3 | NULL | bigint ; 4 | 12 | bigint
CREATE TABLE t(id INTEGER PRIMARY KEY, n INTEGER);
INSERT INTO t VALUES (1, 10), (2, ''), (3, NULL), (4, 12);
