-- Invalid JSON in a column that is to be jsonb
-- expect: quarantined
-- rules: {"tables": {"t": {"columns": {"doc": {"type": "jsonb", "onBadValue": "quarantine"}}}}}
-- quarantined: t 2; 3; 5
-- target: select doc from t order by id => {"a": 1} ; [1, 2]
CREATE TABLE t(id INTEGER PRIMARY KEY, doc TEXT);
INSERT INTO t VALUES (1, '{"a": 1}'), (2, '{broken'), (3, '{"a": "\u0000"}'), (4, '[1,2]'), (5, x'7b7d');
