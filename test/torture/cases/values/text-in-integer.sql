-- Words and decimals in an INTEGER column
-- expect: arrives
-- finding: MIXED_STORAGE t.n
-- target: select pg_typeof(n), n from t order by id => text | 1 ; text | twelve ; text | 2.5 ; text | NULL ; text | -7
CREATE TABLE t(id INTEGER PRIMARY KEY, n INTEGER);
INSERT INTO t VALUES (1, 1), (2, 'twelve'), (3, 2.5), (4, NULL), (5, -7);
