-- SQLite's own binary JSON in a BLOB column, next to JSON as text
-- expect: arrives
-- finding: TEXT_IN_BLOB t.doc
CREATE TABLE t(id INTEGER PRIMARY KEY, doc BLOB);
INSERT INTO t VALUES (1, x'4c1761133131'), (2, '{"a":1}');
