-- Decimals of hundreds of digits, as text in a NUMERIC(400,200) column
-- expect: arrives
-- target: select count(*) from t where length(v::text) > 300 => 1
CREATE TABLE t(id INTEGER PRIMARY KEY, v TEXT, w NUMERIC(400,200));
INSERT INTO t VALUES (1, printf('%.*c', 200, '9') || '.' || printf('%.*c', 150, '7'), 1.25), (2, '1e-400', 1e300), (3, '0', 5e-324);
