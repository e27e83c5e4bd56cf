-- Rows of 1,040 integers, which do not fit a page of PostgreSQL's of 8 kB
-- expect: stopped ROW_TOO_WIDE|VALUE_NOT_CONVERTIBLE wide
-- pending: stops by VALUE_NOT_CONVERTIBLE with the key, but only once the table is made: no finding foresees it
CREATE TABLE wide(c1 INTEGER PRIMARY KEY);
PRAGMA writable_schema = ON;
UPDATE sqlite_schema SET sql = (WITH n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < 1040) SELECT 'CREATE TABLE wide(c1 INTEGER PRIMARY KEY, ' || group_concat('c' || i || ' INTEGER DEFAULT 4611686018427387904') || ')' FROM n) WHERE name = 'wide';
PRAGMA writable_schema = RESET;
INSERT INTO wide(c1) VALUES (1), (2);
