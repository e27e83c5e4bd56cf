-- Valid JSON that jsonb refuses or changes: \u0000, lone surrogates, 1e400, duplicate keys, 30 digits
-- expect: arrives
-- types: plain, enhanced
-- target: select count(*) from t where doc::text like '%123456789012345678901234567890%' => 1
CREATE TABLE t(id INTEGER PRIMARY KEY, doc JSON);
INSERT INTO t VALUES (1, '{"a": "\u0000"}'), (2, '["\ud800"]'), (3, '{"n": 123456789012345678901234567890}'), (4, '{"a": 1, "a": 2}'), (5, '[1e400, 0.1000]'), (6, '"\\u0000"');
