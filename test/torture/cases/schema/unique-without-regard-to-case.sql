-- UNIQUE COLLATE NOCASE: 'Ä' and 'ä' are two to SQLite, 'A' and 'a' one
-- expect: arrives
-- finding: NOCASE_UNIQUE t.name
-- target: insert into t values (9, 'BOB') => PostgresError: duplicate key value violates unique constraint "t_name_key"
CREATE TABLE t(id INTEGER PRIMARY KEY, name TEXT UNIQUE COLLATE NOCASE);
INSERT INTO t VALUES (1, 'Bob'), (2, 'Ä'), (3, 'ä'), (4, NULL), (5, NULL);
