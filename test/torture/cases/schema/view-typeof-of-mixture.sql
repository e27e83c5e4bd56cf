-- A view asks for typeof() of a column that holds integers and texts
-- expect: arrives
-- finding: VIEW_NOT_TRANSLATED v
-- target: select count(*) from pg_views where viewname = 'v' => 0
CREATE TABLE t(id INTEGER PRIMARY KEY, mix);
INSERT INTO t VALUES (1, 1), (2, 'x');
CREATE VIEW v AS SELECT id FROM t WHERE typeof(mix) = 'integer';
