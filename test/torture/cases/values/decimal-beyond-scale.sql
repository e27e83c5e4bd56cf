-- A third decimal in DECIMAL(10,2)
-- expect: arrives
-- finding: NUMERIC_SCALE_EXCEEDED t.price
-- target: select pg_typeof(price), price from t order by id => numeric | 19.99 ; numeric | 20.125 ; numeric | 7 ; numeric | 0.1
-- target: select numeric_scale from information_schema.columns where column_name = 'price' => NULL
CREATE TABLE t(id INTEGER PRIMARY KEY, price DECIMAL(10,2));
INSERT INTO t VALUES (1, 19.99), (2, 20.125), (3, 7), (4, 0.1);
