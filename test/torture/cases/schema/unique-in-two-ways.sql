-- The same columns UNIQUE twice, a UNIQUE on the primary key, and a UNIQUE that includes it
-- expect: arrives
CREATE TABLE t(id INTEGER PRIMARY KEY UNIQUE, a TEXT UNIQUE, b TEXT, UNIQUE (a), UNIQUE (id, b), UNIQUE (b, id));
CREATE UNIQUE INDEX t_a_again ON t(a);
INSERT INTO t VALUES (1, 'x', NULL), (2, NULL, 'y'), (3, NULL, 'y');
