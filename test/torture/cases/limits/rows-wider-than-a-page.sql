-- Rows of 470 texts of 20 bytes each: none is long enough to be moved out of PostgreSQL's page of 8 kB
-- expect: stopped ROW_TOO_WIDE|VALUE_REFUSED wide
-- pending: stops by TARGET_FAILED, which names neither table nor key, once the table is made
CREATE TABLE wide(c1 INTEGER PRIMARY KEY);
PRAGMA writable_schema = ON;
UPDATE sqlite_schema SET sql = (WITH n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < 470) SELECT 'CREATE TABLE wide(c1 INTEGER PRIMARY KEY, ' || group_concat('c' || i || ' TEXT DEFAULT ''abcdefghijklmnopqrst''') || ')' FROM n) WHERE name = 'wide';
PRAGMA writable_schema = RESET;
INSERT INTO wide(c1) VALUES (1), (2);
