-- A TEXT PRIMARY KEY of 4,000 random digits, which no index of PostgreSQL takes
-- expect: arrives
-- finding: INDEX_TOO_WIDE t
-- target: select indexdef like '%md5(id)%' from pg_indexes where indexname = 't_pkey' => t
CREATE TABLE t(id TEXT PRIMARY KEY NOT NULL, v TEXT);
INSERT INTO t VALUES (hex(randomblob(2000)), 'wide'), ('short', 'narrow');
