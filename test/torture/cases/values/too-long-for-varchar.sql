-- Texts longer than VARCHAR(5), trailing blanks, CHAR(0), NVARCHAR(max)
-- expect: arrives
-- target: select length(a), length(b), length(c), length(d) from t order by id => 16 | 3 | 1 | 3 ; 6 | 1 | 0 | 1
CREATE TABLE t(id INTEGER PRIMARY KEY, a VARCHAR(5), b CHAR(4), c CHAR(0), d "NVARCHAR(max)");
INSERT INTO t VALUES (1, 'longer than five', 'x  ', 'y', 'max'), (2, 'ab    ', ' ', '', ' ');
