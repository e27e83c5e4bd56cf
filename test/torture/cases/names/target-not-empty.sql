-- A target whose table of that name already holds rows
-- expect: stopped TARGET_NOT_EMPTY
-- before: create table t(id bigint primary key, v text); insert into t values (1, 'seeded')
CREATE TABLE t(id INTEGER PRIMARY KEY, v TEXT);
INSERT INTO t VALUES (1, 'x');
