-- Texts in a BLOB column
-- expect: arrives
-- finding: TEXT_IN_BLOB t.v
-- target: select pg_typeof(v), v from t order by id => bytea | \x68c3a9 ; bytea | \x00ff ; bytea | \x
CREATE TABLE t(id INTEGER PRIMARY KEY, v BLOB);
INSERT INTO t VALUES (1, 'hé'), (2, x'00ff'), (3, x'');
