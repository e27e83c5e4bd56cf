-- A file that is mostly free pages, after a mass deletion
-- expect: arrives
CREATE TABLE t(id INTEGER PRIMARY KEY, v TEXT);
INSERT INTO t WITH n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000) SELECT i, hex(randomblob(200)) FROM n;
DELETE FROM t WHERE id % 1000 <> 1;
