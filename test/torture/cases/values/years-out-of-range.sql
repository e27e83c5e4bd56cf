-- Years 0, negative and beyond 9999 in a DATE column
-- expect: arrives
-- types: plain, enhanced
-- finding: DATE_AS_TEXT t.d
-- target: select d from t order by id => 0000-01-01 ; -0044-03-15 ; 12024-01-01 ; 0099-12-31
CREATE TABLE t(id INTEGER PRIMARY KEY, d DATE);
INSERT INTO t VALUES (1, '0000-01-01'), (2, '-0044-03-15'), (3, '12024-01-01'), (4, '0099-12-31');
