-- Words in an INTEGER column that is to be bigint
-- expect: quarantined
-- rules: {"tables": {"t": {"columns": {"n": {"type": "bigint", "onBadValue": "quarantine"}}}}}
-- quarantined: t 2; 4
-- target: select id, n from t order by id => 1 | 1 ; 3 | NULL ; 5 | -7
CREATE TABLE t(id INTEGER PRIMARY KEY, n INTEGER);
INSERT INTO t VALUES (1, 1), (2, 'twelve'), (3, NULL), (4, 2.5), (5, -7);
