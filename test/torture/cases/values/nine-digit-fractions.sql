-- Fractions of nine digits, of which PostgreSQL would round away three
-- expect: arrives
-- types: plain, enhanced
-- target: select at::text from t order by id => 2024-01-31 12:30:00.123456789 ; 2024-01-31T12:30:00.999999999Z
CREATE TABLE t(id INTEGER PRIMARY KEY, at DATETIME);
INSERT INTO t VALUES (1, '2024-01-31 12:30:00.123456789'), (2, '2024-01-31T12:30:00.999999999Z');
