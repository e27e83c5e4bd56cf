-- A TEXT PRIMARY KEY of 4,000 random digits, which no index of PostgreSQL takes
-- expect: arrives
-- finding: INDEX_TOO_WIDE t
-- during: INSERT INTO t VALUES (hex(randomblob(3000)), 'wider'); UPDATE t SET v = 'changed'
CREATE TABLE t(id TEXT PRIMARY KEY NOT NULL, v TEXT);
INSERT INTO t VALUES (hex(randomblob(2000)), 'wide'), ('short', 'narrow');
