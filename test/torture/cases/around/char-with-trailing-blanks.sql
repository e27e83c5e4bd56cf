-- A table of the application's own with char(5), to which texts with and without trailing blanks are equal, and one that is too long only by blanks
-- expect: arrives
-- before: create table t(id bigint primary key, x char(5), y char(3))
-- target: select id from t where x = 'ab' order by id => 1 ; 2 ; 4
-- during: INSERT INTO t VALUES (4, 'ab  ', ' ')
CREATE TABLE t(id INTEGER PRIMARY KEY, x TEXT, y TEXT);
INSERT INTO t VALUES (1, 'ab', ''), (2, 'ab ', '   '), (3, 'abcde  ', NULL);
