-- Every value of the primary key is NULL, as in proj's `usage`
-- expect: arrives
-- finding: NULL_IN_KEY t
-- target: select count(*) from t => 50
CREATE TABLE t(auth TEXT, code TEXT, v INTEGER, PRIMARY KEY (auth, code));
INSERT INTO t(v) WITH n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 50) SELECT i FROM n;
