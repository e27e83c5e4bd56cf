-- Negative and huge rowids
-- expect: arrives
-- during: INSERT INTO t VALUES (-9223372036854775808, 'least'); UPDATE t SET id = -id WHERE id = -5
-- target: select min(id), max(id) from t => -9223372036854775808 | 9223372036854775807
CREATE TABLE t(id INTEGER PRIMARY KEY, v TEXT);
INSERT INTO t VALUES (-1, 'a'), (0, 'b'), (9223372036854775807, 'c'), (-5, 'd');
