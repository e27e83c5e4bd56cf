-- Integers, reals, texts and blobs in one untyped column
-- expect: rule MIXED_STORAGE
-- rules: suggested
CREATE TABLE t(id INTEGER PRIMARY KEY, v);
INSERT INTO t VALUES (1, 1), (2, 1.5), (3, 'one'), (4, x'01'), (5, NULL);
