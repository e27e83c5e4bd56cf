-- 'now', 'tomorrow' and 'epoch' in a column that is to be timestamp: PostgreSQL would read them its own way
-- expect: quarantined
-- rules: {"tables": {"t": {"columns": {"at": {"type": "timestamp", "onBadValue": "quarantine"}}}}}
-- quarantined: t 2; 3; 4; 5; 6
CREATE TABLE t(id INTEGER PRIMARY KEY, at TEXT);
INSERT INTO t VALUES (1, '2024-01-31 12:30:00'), (2, 'now'), (3, 'tomorrow'), (4, 'epoch'), (5, '1/10/1997'), (6, '20240131');
