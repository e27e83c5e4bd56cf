-- One row too wide for PostgreSQL's page next to rows that fit, quarantine by a rule
-- expect: quarantined
-- rules: {"tables": {"wide": {"onBadValue": "quarantine"}}}
-- quarantined: wide 2
CREATE TABLE wide(c1 INTEGER PRIMARY KEY);
PRAGMA writable_schema = ON;
UPDATE sqlite_schema SET sql = (WITH n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < 1040) SELECT 'CREATE TABLE wide(c1 INTEGER PRIMARY KEY, ' || group_concat('c' || i || ' INTEGER DEFAULT 4611686018427387904') || ')' FROM n) WHERE name = 'wide';
PRAGMA writable_schema = RESET;
INSERT INTO wide(c1) VALUES (2);
PRAGMA writable_schema = ON;
UPDATE sqlite_schema SET sql = replace(sql, ' DEFAULT 4611686018427387904', '') WHERE name = 'wide';
PRAGMA writable_schema = RESET;
INSERT INTO wide(c1, c1040) VALUES (1, 1), (3, NULL);
