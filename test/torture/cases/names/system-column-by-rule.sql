-- A column named xmin, which a rule calls min_x
-- expect: arrives
-- rules: {"tables": {"t": {"columns": {"xmin": {"name": "min_x"}}}}}
-- target: select min_x from t => 0.5
CREATE TABLE t(id INTEGER PRIMARY KEY, xmin REAL);
INSERT INTO t VALUES (1, 0.5);
