-- A partial unique index WHERE active IS TRUE: any number but 0 is true
-- expect: arrives
-- target: insert into t values (9, 'a', 5) => PostgresError: duplicate key value violates unique constraint "t_act"
CREATE TABLE t(id INTEGER PRIMARY KEY, name TEXT, active INTEGER);
INSERT INTO t VALUES (1, 'a', 5), (2, 'a', 0), (3, 'a', NULL);
CREATE UNIQUE INDEX t_act ON t(name) WHERE active IS TRUE;
