-- A table of 1,200 columns
-- expect: arrives
-- target: select count(*) from pg_attribute where attrelid = 'wide'::regclass and attnum > 0 and not attisdropped => 1200
-- during: UPDATE wide SET c1199 = 'changed', c2 = NULL
CREATE TABLE wide(c1 INTEGER PRIMARY KEY);
PRAGMA writable_schema = ON;
UPDATE sqlite_schema SET sql = (WITH n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < 1200) SELECT 'CREATE TABLE wide(c1 INTEGER PRIMARY KEY, ' || group_concat('c' || i) || ')' FROM n) WHERE name = 'wide';
PRAGMA writable_schema = RESET;
INSERT INTO wide(c1, c2, c600, c1199, c1200) VALUES (1, 2, 'middle', 'last but one', 1.5), (2, NULL, NULL, NULL, NULL);
