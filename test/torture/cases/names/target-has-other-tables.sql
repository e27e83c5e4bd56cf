-- A target whose public schema already holds a table, a view, a type and a function of other names
-- expect: arrives
-- before: create table theirs(id int primary key); insert into theirs values (1); create view seen as select * from theirs; create type mood as enum ('ok'); create function f() returns int language sql as 'select 1'
-- target: select count(*) from theirs => 1
CREATE TABLE t(id INTEGER PRIMARY KEY, v TEXT);
INSERT INTO t VALUES (1, 'x');
