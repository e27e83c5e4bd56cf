-- 1,600 columns, as many as PostgreSQL takes, and no key: there is no room for one of ours
-- expect: stopped TOO_MANY_COLUMNS|NO_ROW_IDENTITY wide
CREATE TABLE wide(c1);
PRAGMA writable_schema = ON;
UPDATE sqlite_schema SET sql = (WITH n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < 1600) SELECT 'CREATE TABLE wide(c1, ' || group_concat('c' || i) || ')' FROM n) WHERE name = 'wide';
PRAGMA writable_schema = RESET;
INSERT INTO wide(c1, c1600) VALUES (1, 'last'), (1, 'last');
