-- Text that looks like numbers put into a NUMERIC column: SQLite turns some of it into numbers
-- expect: arrives
-- target: select v from t order by id => 7 ; 1000 ; 0x1F ; 1_000 ; 12 ; 1.1
CREATE TABLE t(id INTEGER PRIMARY KEY, v NUMERIC);
INSERT INTO t VALUES (1, '007'), (2, '1e3'), (3, '0x1F'), (4, '1_000'), (5, ' 12 '), (6, '1.10');
