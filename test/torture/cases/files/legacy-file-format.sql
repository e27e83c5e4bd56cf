-- legacy_file_format and a schema with DESC, which old files ignore
-- expect: arrives
PRAGMA legacy_file_format = ON;
CREATE TABLE t(id INTEGER PRIMARY KEY, a INTEGER, b INTEGER, UNIQUE (a DESC, b));
INSERT INTO t VALUES (1, 1, 2), (2, 1, 1), (3, 0, 5);
