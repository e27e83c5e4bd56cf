-- AUTOINCREMENT whose counter is ahead of the largest id, and of an empty table
-- expect: arrives
-- target: insert into t(v) values ('next') returning id => 1001
-- target: insert into emptied(v) values ('next') returning id => 51
CREATE TABLE t(id INTEGER PRIMARY KEY AUTOINCREMENT, v TEXT);
INSERT INTO t VALUES (1, 'a'), (2, 'b'), (1000, 'c');
DELETE FROM t WHERE id = 1000;
CREATE TABLE emptied(id INTEGER PRIMARY KEY AUTOINCREMENT, v TEXT);
INSERT INTO emptied VALUES (50, 'x');
DELETE FROM emptied;
