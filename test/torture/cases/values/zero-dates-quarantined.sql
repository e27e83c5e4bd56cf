-- 0000-00-00 and 30 February in a column that is to be date
-- expect: quarantined
-- rules: {"tables": {"t": {"columns": {"born": {"type": "date", "onBadValue": "quarantine"}}}}}
-- quarantined: t 2; 3; 5
-- target: select born from t order by id => 2024-02-29 ; NULL
CREATE TABLE t(id INTEGER PRIMARY KEY, born DATE);
INSERT INTO t VALUES (1, '2024-02-29'), (2, '0000-00-00'), (3, '2023-02-30'), (4, NULL), (5, '');
