-- Rows that are only in the -wal file, never checkpointed
-- expect: arrives
-- target: select count(*) from t => 101
-- during: INSERT INTO t VALUES (101, 'in the wal too')
PRAGMA journal_mode = WAL;
PRAGMA wal_autocheckpoint = 0;
CREATE TABLE t(id INTEGER PRIMARY KEY, v TEXT);
INSERT INTO t WITH n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100) SELECT i, 'row ' || i FROM n;
