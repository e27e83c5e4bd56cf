-- INT PRIMARY KEY, which is no alias of the rowid, with texts in it
-- expect: arrives
-- during: UPDATE t SET v = 'changed'; INSERT INTO t VALUES ('four', 'new')
-- target: select count(*) from t where v = 'new' and id = 'four' => 1
-- target: select string_agg(id, ',' order by id collate "C") from t => 1,2,four,two
CREATE TABLE t(id INT PRIMARY KEY NOT NULL, v TEXT);
INSERT INTO t VALUES (1, 'a'), (2, 'b'), ('two', 'c');
