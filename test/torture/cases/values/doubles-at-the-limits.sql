-- Doubles that lose digits or their sign where they pass as short text: denormals, -0.0, 17 digits, the largest
-- expect: arrives
-- target: select r::text from t where id = 3 => -0
-- target: select r::text from t where id = 4 => 0.30000000000000004
CREATE TABLE t(id INTEGER PRIMARY KEY, r);
INSERT INTO t VALUES (1, 5e-324), (2, 2.2250738585072011e-308), (3, 0.0 * -1), (4, 0.1 + 0.2), (5, 1.7976931348623157e308), (6, -1.7976931348623157e308),
  (7, 1.0), (8, 123456789012345680.0), (9, 9007199254740993.0), (10, 1e-7), (11, 0.1), (12, NULL);
