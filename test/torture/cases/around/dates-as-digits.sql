-- Integers that write the time in digits, YYYYMMDDHHMMSS, in a DATETIME column
-- expect: arrives
-- types: plain, enhanced
-- target: select pg_typeof(at)::text from t limit 1 => bigint
CREATE TABLE t(id INTEGER PRIMARY KEY, at DATETIME);
INSERT INTO t VALUES (1, 20240131123000), (2, 20231231235959);
