-- STRICT tables, with ANY, which keeps '1' and 1 apart
-- expect: arrives
-- target: select v, w from t order by id => 1 | 5 ; 01 | 6 ; 1 | NULL
CREATE TABLE t(id INTEGER PRIMARY KEY, v ANY, w INT, x BLOB, y REAL, z TEXT) STRICT;
INSERT INTO t VALUES (1, 1, 5, x'00', 1, 'a'), (2, '01', 6, NULL, 2.5, ''), (3, '1', NULL, x'', NULL, NULL);
