-- Keys that SQLite compares without trailing blanks
-- expect: arrives
-- during: UPDATE t SET name = 'a  ' WHERE name = 'a'; INSERT OR REPLACE INTO t VALUES ('b   ', 9)
CREATE TABLE t(name TEXT COLLATE RTRIM PRIMARY KEY NOT NULL, v INTEGER);
INSERT INTO t VALUES ('a ', 1), ('b', 2), (' a', 3);
