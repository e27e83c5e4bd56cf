-- ISO texts and epochs in one DATETIME column
-- expect: arrives
-- types: plain, enhanced
-- finding: DATE_AS_TEXT|MIXED_STORAGE t.at
-- target: select at from t order by id => 2024-01-31 12:30:00 ; 1706704200
CREATE TABLE t(id INTEGER PRIMARY KEY, at DATETIME);
INSERT INTO t VALUES (1, '2024-01-31 12:30:00'), (2, 1706704200);
