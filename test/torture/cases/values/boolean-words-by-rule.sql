-- 't', 'true', 'FALSE' and 'maybe' in a BOOLEAN column, read by a rule
-- expect: quarantined
-- rules: {"tables": {"t": {"columns": {"ok": {"type": "boolean", "expression": "CASE lower(ok) WHEN 't' THEN 1 WHEN 'true' THEN 1 WHEN 'false' THEN 0 ELSE ok END", "onBadValue": "quarantine"}}}}}
-- quarantined: t 4
-- target: select ok from t order by id => t ; t ; f ; f
CREATE TABLE t(id INTEGER PRIMARY KEY, ok BOOLEAN);
INSERT INTO t VALUES (1, 't'), (2, 'true'), (3, 'FALSE'), (4, 'maybe'), (5, 0);
