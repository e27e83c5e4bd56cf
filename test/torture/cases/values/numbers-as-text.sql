-- Text that looks like numbers, in a TEXT column: leading zeros, signs, exponents, hexadecimal
-- expect: arrives
-- target: select v from t order by id => 007 ; +5 ; 1e3 ; 0x1F ; 1_000 ;  12  ; 1.10 ; -0
CREATE TABLE t(id INTEGER PRIMARY KEY, v TEXT);
INSERT INTO t VALUES (1, '007'), (2, '+5'), (3, '1e3'), (4, '0x1F'), (5, '1_000'), (6, ' 12 '), (7, '1.10'), (8, '-0');
