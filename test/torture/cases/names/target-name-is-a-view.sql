-- A target whose public schema already holds a view named like a table of the source
-- expect: stopped MIGRATION_FAILED|TARGET_NAME_TAKEN|NAME_TAKEN|NOT_MAPPED|BLOCKING_FINDINGS
-- before: create table theirs(id int primary key); create view t as select * from theirs
CREATE TABLE t(id INTEGER PRIMARY KEY, v TEXT);
INSERT INTO t VALUES (1, 'x');
