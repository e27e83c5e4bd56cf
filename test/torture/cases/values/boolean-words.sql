-- 't', 'true', 'FALSE', 'yes' in a BOOLEAN column
-- expect: arrives
-- finding: INVALID_BOOLEAN|TEXT_IN_NUMBER|MIXED_STORAGE t.ok
-- target: select ok from t order by id => t ; true ; FALSE ; yes ; 1
CREATE TABLE t(id INTEGER PRIMARY KEY, ok BOOLEAN);
INSERT INTO t VALUES (1, 't'), (2, 'true'), (3, 'FALSE'), (4, 'yes'), (5, 1);
