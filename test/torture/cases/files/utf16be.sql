-- A UTF-16 file, big endian, keyed by text
-- expect: arrives
-- during: UPDATE t SET v = v || '!' WHERE k = 'ключ'; DELETE FROM t WHERE k = ''; INSERT INTO t VALUES ('ключ2', 1)
PRAGMA encoding = 'UTF-16be';
CREATE TABLE t(k TEXT PRIMARY KEY NOT NULL, v);
INSERT INTO t VALUES ('ключ', 'значение'), ('', ''), ('emoji 👩‍👩‍👦', 'tab	and \ and newline
');
