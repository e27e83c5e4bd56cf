-- A view whose WHERE names an alias of its SELECT in double quotes, as query builders write it
-- expect: arrives
-- target: select id from v order by id => 1 ; 2
CREATE TABLE t(id INTEGER PRIMARY KEY, type TEXT);
INSERT INTO t VALUES (1, 'A'), (2, 'a'), (3, 'B');
CREATE VIEW v AS SELECT id, lower(type) AS "kind" FROM t WHERE "kind" = 'a';
