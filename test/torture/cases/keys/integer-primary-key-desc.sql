-- INTEGER PRIMARY KEY DESC, which is no alias of the rowid
-- expect: arrives
-- during: INSERT INTO t VALUES (7, 'seven'); UPDATE t SET id = 8 WHERE id = 5
CREATE TABLE t(id INTEGER PRIMARY KEY DESC, v TEXT);
INSERT INTO t VALUES (5, 'a'), (6, 'b');
