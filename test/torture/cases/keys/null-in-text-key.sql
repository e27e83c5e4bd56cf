-- NULLs, several of them, in a TEXT PRIMARY KEY
-- expect: arrives
-- finding: NULL_IN_KEY t.id
-- target: select count(*) from t where id is null => 3
-- during: INSERT INTO t VALUES (NULL, 'another'); DELETE FROM t WHERE v = 'first'
CREATE TABLE t(id TEXT PRIMARY KEY, v TEXT);
INSERT INTO t VALUES ('a', 'x'), (NULL, 'first'), (NULL, 'second'), (NULL, 'third');
