-- A view counts the characters of a text in a BLOB column, which is bytea in PostgreSQL
-- expect: arrives
-- finding: VIEW_NOT_TRANSLATED v
-- target: select count(*) from pg_views where viewname = 'v' => 0
CREATE TABLE t(id INTEGER PRIMARY KEY, b BLOB);
INSERT INTO t VALUES (1, 'é'), (2, x'c3a9');
CREATE VIEW v AS SELECT id, length(b) AS n FROM t;
