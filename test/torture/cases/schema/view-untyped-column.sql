-- A view compares an untyped column of texts with a number, which in SQLite is never equal
-- expect: arrives
-- finding: VIEW_NOT_TRANSLATED v
-- target: select count(*) from pg_views where viewname = 'v' => 0
CREATE TABLE t(id INTEGER PRIMARY KEY, u);
INSERT INTO t VALUES (1, '5'), (2, '6');
CREATE VIEW v AS SELECT id FROM t WHERE u = 5;
