-- 1,500 rows of every length up to 4 kB, keyed by text
-- expect: arrives
CREATE TABLE t(k TEXT PRIMARY KEY NOT NULL, v TEXT) WITHOUT ROWID;
INSERT INTO t WITH n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1500) SELECT 'key ' || (i * 7919 % 1500), printf('%.*c', i * 3 % 4096, char(33 + i % 90)) FROM n;
