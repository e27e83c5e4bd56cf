-- Hexadecimal literals, up to the one that is negative
-- expect: arrives
-- target: select v from t order by id => 31 ; -1 ; 9223372036854775807
CREATE TABLE t(id INTEGER PRIMARY KEY, v INTEGER DEFAULT 0x10);
INSERT INTO t VALUES (1, 0x1F), (2, 0xFFFFFFFFFFFFFFFF), (3, 0x7FFFFFFFFFFFFFFF);
