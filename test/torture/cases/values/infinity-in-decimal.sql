-- An infinite value in a DECIMAL(10,2) column
-- expect: arrives
-- target: select price from t order by id => 19.99 ; Infinity
CREATE TABLE t(id INTEGER PRIMARY KEY, price DECIMAL(10,2));
INSERT INTO t VALUES (1, 19.99), (2, 9e999);
