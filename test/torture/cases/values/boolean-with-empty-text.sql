-- 0, 1 and '' in a BOOLEAN column
-- expect: arrives
-- finding: EMPTY_TEXT|INVALID_BOOLEAN|MIXED_STORAGE t.ok
CREATE TABLE t(id INTEGER PRIMARY KEY, ok BOOLEAN);
INSERT INTO t VALUES (1, 0), (2, 1), (3, '');
