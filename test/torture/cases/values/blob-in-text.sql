-- Blobs in a TEXT column
-- expect: arrives
-- finding: MIXED_STORAGE t.v
-- target: select pg_typeof(v), encode(v, 'hex') from t order by id => bytea | 61 ; bytea | 00ff
CREATE TABLE t(id INTEGER PRIMARY KEY, v TEXT);
INSERT INTO t VALUES (1, 'a'), (2, x'00ff');
