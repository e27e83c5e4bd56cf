-- No primary key, but a composite UNIQUE over NOT NULL columns
-- expect: arrives
-- during: UPDATE t SET b = b + 10; INSERT OR REPLACE INTO t VALUES ('x', 11, 'replaced')
CREATE TABLE t(a TEXT NOT NULL, b INTEGER NOT NULL, c TEXT, UNIQUE (a, b));
INSERT INTO t VALUES ('x', 1, 'one'), ('x', 2, 'two'), ('y', 1, NULL);
