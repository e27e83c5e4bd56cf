-- Numbers, and texts with a NUL byte: neither text nor bytea holds them all
-- expect: rule NUL_IN_TEXT|MIXED_STORAGE
-- rules: suggested
CREATE TABLE t(id INTEGER PRIMARY KEY, v);
INSERT INTO t VALUES (1, 1), (2, CAST(x'610062' AS TEXT)), (3, 2.5);
