-- NUL bytes within texts
-- expect: arrives
-- finding: NUL_IN_TEXT t.v
-- target: select pg_typeof(v), encode(v, 'escape') from t order by id => bytea | plain ; bytea | a\000b ; bytea | \000 ; bytea | end\000
CREATE TABLE t(id INTEGER PRIMARY KEY, v TEXT);
INSERT INTO t VALUES (1, 'plain'), (2, CAST(x'610062' AS TEXT)), (3, CAST(x'00' AS TEXT)), (4, CAST(x'656e6400' AS TEXT));
