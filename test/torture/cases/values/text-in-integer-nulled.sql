-- Words in an INTEGER column that is to be bigint, NULL where they do not fit
-- expect: quarantined
-- rules: {"tables": {"t": {"columns": {"n": {"type": "bigint", "onBadValue": "null"}}}}}
-- nulled: t.n where typeof(n) IN ('text', 'real')
-- target: select id, n from t order by id => 1 | 1 ; 2 | NULL ; 3 | NULL ; 4 | NULL ; 5 | -7
CREATE TABLE t(id INTEGER PRIMARY KEY, n INTEGER);
INSERT INTO t VALUES (1, 1), (2, 'twelve'), (3, NULL), (4, 2.5), (5, -7);
