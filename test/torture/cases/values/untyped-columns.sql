-- Columns declared without a type, one storage class in each
-- expect: arrives
-- target: select pg_typeof(a), pg_typeof(b), pg_typeof(c), pg_typeof(d) from t limit 1 => bigint | text | bytea | double precision
CREATE TABLE t(id INTEGER PRIMARY KEY, a, b, c, d);
INSERT INTO t VALUES (1, 1, 'x', x'00ff', 1.5), (2, 2, 'y', x'', -0.25);
