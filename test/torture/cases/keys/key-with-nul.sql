-- NUL bytes and invalid UTF-8 in a TEXT PRIMARY KEY
-- expect: arrives
-- finding: NUL_IN_TEXT|INVALID_UTF8 t.id
-- target: select encode(id, 'hex') from t order by id => 61 ; 610062 ; ff
-- during: UPDATE t SET v = 'changed'; DELETE FROM t WHERE id = CAST(x'6100' AS TEXT)
CREATE TABLE t(id TEXT PRIMARY KEY, v TEXT);
INSERT INTO t VALUES ('a', 'x'), (CAST(x'610062' AS TEXT), 'y'), (CAST(x'ff' AS TEXT), 'z'), (CAST(x'6100' AS TEXT), 'w');
