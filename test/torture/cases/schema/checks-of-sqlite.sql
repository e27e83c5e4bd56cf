-- CHECKs with functions that only SQLite has, or that only the application has
-- expect: arrives
-- finding: CHECK_NOT_TRANSLATED t
-- target: select v from t => {"a":1}
CREATE TABLE t(id INTEGER PRIMARY KEY, v TEXT CHECK (json_valid(v)), w TEXT CHECK (w REGEXP '^a'), x TEXT CHECK (typeof(x) = 'text' OR x IS NULL), y DATE CHECK (y IS date(y)));
PRAGMA ignore_check_constraints = ON;
INSERT INTO t VALUES (1, '{"a":1}', NULL, 'x', '2024-01-31');
