-- A column that a rule makes real: float4 would change most values
-- expect: stopped NOT_MAPPED
-- pending: refused only once the table is made
-- rules: {"tables": {"t": {"columns": {"r": {"type": "real", "onBadValue": "quarantine"}}}}}
CREATE TABLE t(id INTEGER PRIMARY KEY, r REAL);
INSERT INTO t VALUES (1, 0.5), (2, 0.1), (3, -1024.25);
