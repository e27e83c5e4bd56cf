-- 1 and '1' as two keys of an untyped column: as text they would be one
-- expect: stopped KEY_COLLISION t
CREATE TABLE t(id PRIMARY KEY, v TEXT);
INSERT INTO t VALUES (1, 'the number'), ('1', 'the text');
