-- Declared types that no other database knows: longtext, UNSIGNED BIG INT, ANY, STRING, nvarchar] (20, (empty)
-- expect: arrives
-- target: select a, b, c, d, e, f, g from t => long | 18446 | any | 5 | brackets | 7 | ptr
CREATE TABLE t(id INTEGER PRIMARY KEY, a longtext, b UNSIGNED BIG INT, c ANY, d STRING, e "nvarchar] (20", f "INT /* no */", g POINTER);
INSERT INTO t VALUES (1, 'long', 18446, 'any', '5', 'brackets', 7, 'ptr');
