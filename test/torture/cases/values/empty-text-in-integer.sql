-- '' where an INTEGER was declared
-- expect: arrives
-- types: plain, enhanced
-- finding: EMPTY_TEXT|MIXED_STORAGE t.n
CREATE TABLE t(id INTEGER PRIMARY KEY, n INTEGER);
INSERT INTO t VALUES (1, 10), (2, ''), (3, NULL), (4, 12);
