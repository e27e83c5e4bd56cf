-- A virtual table whose module is not there, and the tables that belong to it
-- expect: arrives
-- finding: VIRTUAL_TABLE|TABLE_UNREADABLE places
-- target: select v from t => x
CREATE TABLE t(id INTEGER PRIMARY KEY, v TEXT);
INSERT INTO t VALUES (1, 'x');
PRAGMA writable_schema = ON;
INSERT INTO sqlite_schema(type, name, tbl_name, rootpage, sql) VALUES ('table', 'places', 'places', 0, 'CREATE VIRTUAL TABLE places USING application_module(a, b)');
PRAGMA writable_schema = RESET;
