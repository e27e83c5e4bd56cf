-- 1,700 columns, where PostgreSQL takes 1,600
-- expect: stopped TOO_MANY_COLUMNS wide
CREATE TABLE wide(c1 INTEGER PRIMARY KEY);
PRAGMA writable_schema = ON;
UPDATE sqlite_schema SET sql = (WITH n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < 1700) SELECT 'CREATE TABLE wide(c1 INTEGER PRIMARY KEY, ' || group_concat('c' || i) || ')' FROM n) WHERE name = 'wide';
PRAGMA writable_schema = RESET;
INSERT INTO wide(c1) VALUES (1);
