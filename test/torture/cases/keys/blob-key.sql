-- BLOBs as keys, the empty one too
-- expect: arrives
-- during: DELETE FROM t WHERE id = x''; INSERT INTO t VALUES (x'0000', 'longer'); UPDATE t SET v = 'changed' WHERE id = x'ff'
CREATE TABLE t(id BLOB PRIMARY KEY, v TEXT);
INSERT INTO t VALUES (x'', 'empty'), (x'00', 'nul'), (x'ff', 'ff'), (x'6162', 'ab');
