-- Defaults in double quotes: "abc", "5", "null", "CURRENT_TIMESTAMP"
-- expect: arrives
-- target: insert into t(id) values (2) returning a, b, c, d => abc | 5 | null | CURRENT_TIMESTAMP
CREATE TABLE t(id INTEGER PRIMARY KEY, a TEXT, b INTEGER, c TEXT, d TEXT);
INSERT INTO t VALUES (1, 'abc', 5, 'null', 'CURRENT_TIMESTAMP');
PRAGMA writable_schema = ON;
UPDATE sqlite_schema SET sql = 'CREATE TABLE t(id INTEGER PRIMARY KEY, a TEXT DEFAULT "abc", b INTEGER DEFAULT "5", c TEXT DEFAULT "null", d TEXT DEFAULT "CURRENT_TIMESTAMP")' WHERE name = 't';
PRAGMA writable_schema = RESET;
