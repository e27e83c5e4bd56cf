-- 'a' and x'61' as two keys: as bytea they would be one
-- expect: stopped KEY_COLLISION t
CREATE TABLE t(id PRIMARY KEY, v TEXT);
INSERT INTO t VALUES ('a', 'the text'), (x'61', 'the blob');
