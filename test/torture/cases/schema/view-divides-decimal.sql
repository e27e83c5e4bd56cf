-- A view divides a DECIMAL column: 10 is stored as an integer there, so that SQLite divides integers
-- expect: arrives
-- finding: VIEW_NOT_TRANSLATED v
-- target: select count(*) from pg_views where viewname = 'v' => 0
CREATE TABLE t(id INTEGER PRIMARY KEY, price DECIMAL(10,2));
INSERT INTO t VALUES (1, 10), (2, 2.5), (3, 7);
CREATE VIEW v AS SELECT id, price / 4 AS q FROM t;
