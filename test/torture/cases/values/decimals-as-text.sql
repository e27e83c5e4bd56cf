-- Decimals stored as text, to keep their digits, in a column declared DECIMAL
-- expect: arrives
-- target: select v from t order by id => 12345678901234567890.123456789 ; 00012.50
CREATE TABLE t(id INTEGER PRIMARY KEY, v DECIMAL_TEXT);
INSERT INTO t VALUES (1, '12345678901234567890.123456789'), (2, '00012.50');
