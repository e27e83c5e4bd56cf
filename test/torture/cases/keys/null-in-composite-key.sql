-- NULL in one column of a composite primary key
-- expect: arrives
-- finding: NULL_IN_KEY t.b
-- during: UPDATE t SET c = c || '!' WHERE b IS NULL
CREATE TABLE t(a INTEGER, b INTEGER, c TEXT, PRIMARY KEY (a, b));
INSERT INTO t VALUES (1, 1, 'x'), (1, NULL, 'y'), (1, NULL, 'y'), (2, NULL, 'z');
