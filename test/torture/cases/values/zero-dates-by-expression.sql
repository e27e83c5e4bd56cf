-- 0000-00-00 in a column that is to be date, made NULL by a rule's expression
-- expect: arrives
-- rules: {"tables": {"t": {"columns": {"born": {"type": "date", "expression": "nullif(born, '0000-00-00')"}}}}}
-- target: select born from t order by id => 2024-02-29 ; NULL ; 0001-01-01
-- during: INSERT INTO t VALUES (3, '0001-01-01'); UPDATE t SET born = '0000-00-00' WHERE id = 2
CREATE TABLE t(id INTEGER PRIMARY KEY, born DATE);
INSERT INTO t VALUES (1, '2024-02-29'), (2, '0000-00-00');
