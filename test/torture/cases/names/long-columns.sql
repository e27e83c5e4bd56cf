-- Columns whose names are equal in their first 63 bytes, in letters of three bytes
-- expect: arrives
-- rules: {"tables": {"t": {"columns": {"顧客の住所の都道府県の名前のとても長い説明と補足情報その一": {"name": "first"}, "顧客の住所の都道府県の名前のとても長い説明と補足情報その二": {"name": "second"}}}}}
-- target: select first, second from t => a | b
CREATE TABLE t(id INTEGER PRIMARY KEY, "顧客の住所の都道府県の名前のとても長い説明と補足情報その一" TEXT, "顧客の住所の都道府県の名前のとても長い説明と補足情報その二" TEXT);
INSERT INTO t VALUES (1, 'a', 'b');
