-- NULL that a rule makes the empty text
-- expect: arrives
-- rules: {"tables": {"t": {"columns": {"v": {"nullAndEmpty": "null-to-empty"}}}}}
-- target: select count(*) from t where v = '' => 2
CREATE TABLE t(id INTEGER PRIMARY KEY, v TEXT);
INSERT INTO t VALUES (1, NULL), (2, ''), (3, 'x');
