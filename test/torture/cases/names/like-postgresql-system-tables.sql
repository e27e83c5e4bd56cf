-- Tables named pg_class, pg_type and information_schema
-- expect: arrives
-- renamed: pg_class => pg_class_
-- renamed: pg_type => pg_type_
-- target: select v from public.pg_class_ => mine
CREATE TABLE pg_class(id INTEGER PRIMARY KEY, v TEXT);
INSERT INTO pg_class VALUES (1, 'mine');
CREATE TABLE pg_type(id INTEGER PRIMARY KEY, v TEXT);
CREATE TABLE information_schema(id INTEGER PRIMARY KEY, v TEXT);
