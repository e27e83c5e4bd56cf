-- More digits before the point than DECIMAL(5,2) allows
-- expect: arrives
-- finding: NUMERIC_SCALE_EXCEEDED t.price
CREATE TABLE t(id INTEGER PRIMARY KEY, price DECIMAL(5,2));
INSERT INTO t VALUES (1, 999.99), (2, 1000), (3, 12345678.25);
