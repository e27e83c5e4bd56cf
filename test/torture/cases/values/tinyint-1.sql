-- TINYINT(1) with 0 and 1, and one with 0 to 3
-- expect: arrives
-- target: select level from t order by id => 0 ; 3
CREATE TABLE t(id INTEGER PRIMARY KEY, active TINYINT(1), level TINYINT(1));
INSERT INTO t VALUES (1, 1, 0), (2, 0, 3);
