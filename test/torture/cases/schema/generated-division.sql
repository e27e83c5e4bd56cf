-- Generated columns whose arithmetic differs: integer division, division by zero, text as a number, ||
-- expect: arrives
-- target: select half, ratio, label from t order by id => 3 | 3.5 | 7/2 ; NULL | NULL | 1/0 ; -3 | -3.5 | -7/2
CREATE TABLE t(id INTEGER PRIMARY KEY, a INTEGER, b INTEGER, half INTEGER AS (a / b) STORED, ratio REAL AS (1.0 * a / b) STORED, label TEXT AS (a || '/' || b));
INSERT INTO t(id, a, b) VALUES (1, 7, 2), (2, 1, 0), (3, -7, 2);
