-- Valid JSON with numbers that no double holds, in a JSON column that becomes jsonb
-- expect: arrives
-- types: enhanced
-- target: select doc->>'n' from t where id = 1 => 123456789012345678901234567890
CREATE TABLE t(id INTEGER PRIMARY KEY, doc JSONB);
INSERT INTO t VALUES (1, '{"n": 123456789012345678901234567890}'), (2, '[1e400, 0.1000, -0.0]'), (3, ' [ ] '), (4, 'null'), (5, '[9007199254740993, 1.0]');
