-- Texts that are not UTF-8: Latin-1, overlong, cut off, a surrogate, beyond Unicode
-- expect: arrives
-- finding: INVALID_UTF8 t.v
-- target: select encode(v, 'hex') from t order by id => 676f6f64 ; 6d9fff ; c0af ; e282 ; eda080 ; f4908080 ; ff
CREATE TABLE t(id INTEGER PRIMARY KEY, v TEXT);
INSERT INTO t VALUES (1, 'good'), (2, CAST(x'6d9fff' AS TEXT)), (3, CAST(x'c0af' AS TEXT)), (4, CAST(x'e282' AS TEXT)), (5, CAST(x'eda080' AS TEXT)), (6, CAST(x'f4908080' AS TEXT)), (7, CAST(x'ff' AS TEXT));
