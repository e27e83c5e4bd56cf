-- Integers too large for the smallint that a rule wants
-- expect: quarantined
-- rules: {"tables": {"t": {"columns": {"v": {"type": "smallint", "onBadValue": "quarantine"}}}}}
-- quarantined: t 2; 4
-- during: INSERT INTO t VALUES (4, 40000), (5, 5); UPDATE t SET v = 7 WHERE id = 3
CREATE TABLE t(id INTEGER PRIMARY KEY, v INTEGER);
INSERT INTO t VALUES (1, 32767), (2, 32768), (3, -40000);
