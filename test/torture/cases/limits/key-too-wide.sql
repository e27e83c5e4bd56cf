-- A TEXT PRIMARY KEY of 4,000 random digits, which no index of PostgreSQL takes
-- pending: stops by TARGET_FAILED once the rows are copied
-- expect: stopped INDEX_TOO_WIDE|KEY_TOO_WIDE|TARGET_CONSTRAINT|VALUE_REFUSED t
CREATE TABLE t(id TEXT PRIMARY KEY NOT NULL, v TEXT);
INSERT INTO t VALUES (hex(randomblob(2000)), 'wide'), ('short', 'narrow');
