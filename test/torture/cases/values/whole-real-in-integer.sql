-- Whole REALs next to integers in a column without affinity for integers
-- expect: arrives
-- target: select id, n from t order by id => 1 | 1 ; 2 | 1 ; 3 | 1e+20 ; 4 | 2.5
CREATE TABLE t(id INTEGER PRIMARY KEY, n BLOB);
INSERT INTO t VALUES (1, 1), (2, 1.0), (3, 1e20), (4, 2.5);
