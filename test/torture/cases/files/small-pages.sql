-- A file with pages of 512 bytes, auto_vacuum, a rollback journal and an application's id
-- expect: arrives
-- during: DELETE FROM t WHERE id % 7 = 0; UPDATE t SET v = upper(v) WHERE id < 50
PRAGMA page_size = 512;
PRAGMA auto_vacuum = FULL;
PRAGMA application_id = 1196444487;
PRAGMA user_version = 42;
CREATE TABLE t(id INTEGER PRIMARY KEY, v TEXT);
INSERT INTO t WITH n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000) SELECT i, hex(randomblob(i % 300)) FROM n;
