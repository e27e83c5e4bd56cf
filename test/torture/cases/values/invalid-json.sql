-- Columns declared JSON with invalid JSON, '' and bare words in them
-- expect: arrives
-- types: plain, enhanced
-- target: select pg_typeof(doc), doc from t order by id => text | {"a": 1} ; text | {broken ; text |  ; text | undefined ; text | {'a': 1}
CREATE TABLE t(id INTEGER PRIMARY KEY, doc JSON);
INSERT INTO t VALUES (1, '{"a": 1}'), (2, '{broken'), (3, ''), (4, 'undefined'), (5, '{''a'': 1}');
