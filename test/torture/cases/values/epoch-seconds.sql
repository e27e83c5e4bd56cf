-- Seconds since 1970 in a DATETIME column
-- expect: arrives
-- types: plain
-- finding: DATE_AS_NUMBER t.at
-- target: select at from t order by id => 1706704200 ; 1577836800
CREATE TABLE t(id INTEGER PRIMARY KEY, at DATETIME);
INSERT INTO t VALUES (1, 1706704200), (2, 1577836800);
