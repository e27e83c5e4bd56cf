-- 24:00:00 and 23:59:60 in TIME and DATETIME columns
-- expect: arrives
-- types: plain, enhanced
-- target: select opens, at from t order by id => 08:30:00 | 2016-12-31 23:59:60 ; 24:00:00 | 2016-12-31 24:00:00 ; 8:5 | 2016-12-31 23:59:59
CREATE TABLE t(id INTEGER PRIMARY KEY, opens TIME, at DATETIME);
INSERT INTO t VALUES (1, '08:30:00', '2016-12-31 23:59:60'), (2, '24:00:00', '2016-12-31 24:00:00'), (3, '8:5', '2016-12-31 23:59:59');
