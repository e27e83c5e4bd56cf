-- A text of 2 MB and a blob of 1 MB next to small ones
-- expect: arrives
-- target: select length(v), length(b) from t order by id => 2000000 | 1000000 ; 1 | 0
-- during: UPDATE t SET v = v || 'x' WHERE id = 1; UPDATE t SET v = substr(v, 1, 2000000) WHERE id = 1
CREATE TABLE t(id INTEGER PRIMARY KEY, v TEXT, b BLOB);
INSERT INTO t VALUES (1, printf('%.*c', 1999999, 'x') || '\', zeroblob(1000000)), (2, 'a', x'');
