-- A view orders by a column that is neither grouped nor aggregated
-- expect: arrives
-- finding: VIEW_NOT_TRANSLATED v
-- target: select count(*) from pg_views where viewname = 'v' => 0
CREATE TABLE t(id INTEGER PRIMARY KEY, a INTEGER, b INTEGER);
INSERT INTO t VALUES (1, 5, 2);
CREATE VIEW v AS SELECT a, count(*) AS n FROM t GROUP BY a ORDER BY b;
