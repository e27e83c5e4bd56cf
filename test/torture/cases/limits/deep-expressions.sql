-- A CHECK of 300 terms and indexes on 32 and 33 columns
-- expect: arrives
-- finding: INDEX_NOT_TRANSLATED|INDEX_TOO_WIDE t
CREATE TABLE t(a1, a2, a3, a4, a5, a6, a7, a8, a9, a10, a11, a12, a13, a14, a15, a16, a17, a18, a19, a20, a21, a22, a23, a24, a25, a26, a27, a28, a29, a30, a31, a32, a33, v INTEGER);
CREATE INDEX t_wide ON t(a1, a2, a3, a4, a5, a6, a7, a8, a9, a10, a11, a12, a13, a14, a15, a16, a17, a18, a19, a20, a21, a22, a23, a24, a25, a26, a27, a28, a29, a30, a31, a32);
CREATE UNIQUE INDEX t_wider ON t(a1, a2, a3, a4, a5, a6, a7, a8, a9, a10, a11, a12, a13, a14, a15, a16, a17, a18, a19, a20, a21, a22, a23, a24, a25, a26, a27, a28, a29, a30, a31, a32, a33);
INSERT INTO t(a1, a33, v) VALUES (1, 2, 3), (NULL, NULL, NULL);
PRAGMA writable_schema = ON;
UPDATE sqlite_schema SET sql = (WITH n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 300) SELECT replace(sql, 'v INTEGER', 'v INTEGER CHECK (' || group_concat('v <> ' || (i + 100), ' AND ') || ')') FROM n) WHERE name = 't';
PRAGMA writable_schema = RESET;
