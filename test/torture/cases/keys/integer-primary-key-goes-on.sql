-- Plain INTEGER PRIMARY KEY: the next id follows the largest, also where only negative ids are, or none
-- expect: arrives
-- target: insert into t(v) values ('next') returning id => 8
-- target: insert into bare(v) values ('first') returning id => 1
CREATE TABLE t(id INTEGER PRIMARY KEY, v TEXT);
INSERT INTO t VALUES (3, 'a'), (7, 'b');
CREATE TABLE bare(id INTEGER PRIMARY KEY, v TEXT);
