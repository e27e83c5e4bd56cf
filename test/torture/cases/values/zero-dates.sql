-- 0000-00-00, 30 February, month 13, hour 24 and 25
-- expect: arrives
-- types: plain, enhanced
-- finding: DATE_AS_TEXT t.at
-- target: select at from t order by id => 2024-01-31 12:30:00 ; 0000-00-00 00:00:00 ; 2023-02-30 00:00:00 ; 2023-13-01 ; 2023-01-01 24:00:00 ; 2023-01-01 25:00:00
CREATE TABLE t(id INTEGER PRIMARY KEY, at DATETIME);
INSERT INTO t VALUES (1, '2024-01-31 12:30:00'), (2, '0000-00-00 00:00:00'), (3, '2023-02-30 00:00:00'), (4, '2023-13-01'), (5, '2023-01-01 24:00:00'), (6, '2023-01-01 25:00:00');
