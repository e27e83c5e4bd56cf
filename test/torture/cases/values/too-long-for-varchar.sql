-- Texts longer than VARCHAR(5), trailing blanks, CHAR(0), NVARCHAR(max)
-- expect: arrives
-- types: plain, enhanced
-- target: select a, length(a), b, length(c), d from t order by id => longer than five | 16 | x   | 1 | max ; ab    | 6 |   | 0 | 
CREATE TABLE t(id INTEGER PRIMARY KEY, a VARCHAR(5), b CHAR(4), c CHAR(0), d "NVARCHAR(max)");
INSERT INTO t VALUES (1, 'longer than five', 'x  ', 'y', 'max'), (2, 'ab    ', ' ', '', ' ');
