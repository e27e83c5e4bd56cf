-- A view compares a REAL column, which is text in PostgreSQL since it holds a word, with a number
-- expect: arrives
-- finding: VIEW_NOT_TRANSLATED v
-- target: select count(*) from pg_views where viewname = 'v' => 0
CREATE TABLE t(id INTEGER PRIMARY KEY, r REAL);
INSERT INTO t VALUES (1, 5), (2, 'n/a'), (3, 5.0);
CREATE VIEW v AS SELECT id FROM t WHERE r = 5;
