-- A collation that only the application has, on a column, in an index, and in a key
-- expect: arrives
-- finding: COLLATION_UNKNOWN t
-- target: select v from t order by id => b ; a
CREATE TABLE t(id INTEGER PRIMARY KEY, v TEXT);
INSERT INTO t VALUES (1, 'b'), (2, 'a');
PRAGMA writable_schema = ON;
UPDATE sqlite_schema SET sql = 'CREATE TABLE t(id INTEGER PRIMARY KEY, v TEXT COLLATE german_phonebook)' WHERE name = 't';
PRAGMA writable_schema = RESET;
