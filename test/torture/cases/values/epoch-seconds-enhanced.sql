-- Seconds since 1970 in a DATETIME column, with --types enhanced
-- expect: arrives
-- types: enhanced
-- target: select pg_typeof(at), at at time zone 'utc' from t order by id => timestamp with time zone | 2024-01-31 12:30:00 ; timestamp with time zone | 2020-01-01 00:00:00
CREATE TABLE t(id INTEGER PRIMARY KEY, at DATETIME);
INSERT INTO t VALUES (1, 1706704200), (2, 1577836800);
