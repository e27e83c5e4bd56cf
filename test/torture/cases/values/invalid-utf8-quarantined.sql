-- Texts that are not UTF-8 in a column that is to stay text
-- expect: quarantined
-- rules: {"onBadValue": "quarantine", "tables": {"t": {"columns": {"v": {"type": "text"}}}}}
-- quarantined: t 2; 3
CREATE TABLE t(id INTEGER PRIMARY KEY, v TEXT);
INSERT INTO t VALUES (1, 'good'), (2, CAST(x'6d9fff' AS TEXT)), (3, CAST(x'eda080' AS TEXT)), (4, 'also good ✓');
