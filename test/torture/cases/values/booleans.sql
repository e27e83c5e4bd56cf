-- 0 and 1 in a BOOLEAN column, as numbers and as true and false
-- expect: arrives
-- types: plain, enhanced
-- target: select pg_typeof(ok), ok from t order by id => boolean | t ; boolean | f ; boolean | t ; boolean | f ; boolean | NULL
CREATE TABLE t(id INTEGER PRIMARY KEY, ok BOOLEAN DEFAULT false);
INSERT INTO t VALUES (1, 1), (2, 0), (3, true), (4, false), (5, NULL);
