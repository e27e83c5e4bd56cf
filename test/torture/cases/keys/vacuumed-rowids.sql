-- A table without a key whose rowids VACUUM renumbers during the sync
-- expect: stopped ROWIDS_RENUMBERED t
-- during: DELETE FROM t WHERE a % 2 = 0; VACUUM; INSERT INTO t VALUES (100, 'after'); DELETE FROM t WHERE a = 5
CREATE TABLE t(a INTEGER, b TEXT);
INSERT INTO t WITH n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 30) SELECT i, 'row ' || i FROM n;
