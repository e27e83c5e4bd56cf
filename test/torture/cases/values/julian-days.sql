-- Julian days in a DATE column
-- expect: arrives
-- types: plain, enhanced
-- finding: DATE_AS_NUMBER t.d
-- target: select pg_typeof(d), d from t order by id => double precision | 2460340.5 ; double precision | 2460341.020833333
CREATE TABLE t(id INTEGER PRIMARY KEY, d DATE);
INSERT INTO t VALUES (1, 2460340.5), (2, 2460341.020833333);
