-- Seconds since 2001 (Core Data) and microseconds since 1601 (Chrome)
-- expect: arrives
-- finding: DATE_AS_NUMBER t.cocoa
-- finding: DATE_AS_NUMBER t.chrome
-- types: plain, enhanced
-- target: select pg_typeof(cocoa)::text, pg_typeof(chrome)::text from t limit 1 => bigint | bigint
CREATE TABLE t(id INTEGER PRIMARY KEY, cocoa TIMESTAMP, chrome DATETIME);
INSERT INTO t VALUES (1, 694224000, 13353760800000000), (2, 757382400, 13353760800123456);
