-- Two rows that swap a unique value, and a chain of such
-- expect: arrives
-- during: UPDATE t SET mail = 'x' WHERE id = 1; UPDATE t SET mail = 'a' WHERE id = 2; UPDATE t SET mail = 'b' WHERE id = 1
-- target: select mail from t order by id => b ; a ; c
CREATE TABLE t(id INTEGER PRIMARY KEY, mail TEXT UNIQUE);
INSERT INTO t VALUES (1, 'a'), (2, 'b'), (3, 'c');
