-- SELECT DISTINCT of a NOCASE column
-- expect: arrives
-- finding: VIEW_NOT_TRANSLATED d
-- target: select count(*) from pg_views where viewname = 'd' => 0
CREATE TABLE t(id INTEGER PRIMARY KEY, name TEXT COLLATE NOCASE);
INSERT INTO t VALUES (1, 'Bob'), (2, 'bob'), (3, 'Al');
CREATE VIEW d AS SELECT DISTINCT name FROM t;
