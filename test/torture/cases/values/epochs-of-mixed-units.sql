-- Seconds, milliseconds and microseconds since 1970 in one column
-- expect: arrives
-- types: plain, enhanced
-- target: select pg_typeof(at), at from t order by id => bigint | 1706704200 ; bigint | 1706704200123 ; bigint | 1706704200123456 ; bigint | -1
CREATE TABLE t(id INTEGER PRIMARY KEY, at TIMESTAMP);
INSERT INTO t VALUES (1, 1706704200), (2, 1706704200123), (3, 1706704200123456), (4, -1);
