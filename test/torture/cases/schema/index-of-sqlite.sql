-- Indexes on json_extract, on functions without a counterpart, and on a constant
-- expect: arrives
-- finding: INDEX_NOT_TRANSLATED t
CREATE TABLE t(id INTEGER PRIMARY KEY, doc TEXT, v TEXT);
INSERT INTO t VALUES (1, '{"a":1}', 'x');
CREATE INDEX t_json ON t(json_extract(doc, '$.a'));
CREATE INDEX t_hex ON t(hex(v));
CREATE INDEX t_instr ON t(instr(v, 'x')) WHERE v GLOB 'x*';
