-- 2,000 columns of which a rule leaves the table behind
-- expect: rule TOO_MANY_COLUMNS
-- rules: {"tables": {"wide": {"exclude": true}}}
CREATE TABLE wide(c1 INTEGER PRIMARY KEY);
PRAGMA writable_schema = ON;
UPDATE sqlite_schema SET sql = (WITH n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < 2000) SELECT 'CREATE TABLE wide(c1 INTEGER PRIMARY KEY, ' || group_concat('c' || i) || ')' FROM n) WHERE name = 'wide';
PRAGMA writable_schema = RESET;
INSERT INTO wide(c1, c1999) VALUES (1, 'x');
CREATE TABLE t(id INTEGER PRIMARY KEY, v TEXT);
INSERT INTO t VALUES (1, 'x');
