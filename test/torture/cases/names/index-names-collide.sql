-- An index, a table and a constraint that would share a name in PostgreSQL
-- expect: arrives
-- target: select count(*) from pg_index where indrelid = 'b'::regclass => 3
CREATE TABLE a(id INTEGER PRIMARY KEY, v TEXT);
CREATE TABLE b(id INTEGER PRIMARY KEY, v TEXT, w TEXT UNIQUE);
CREATE INDEX a_pkey ON b(v);
INSERT INTO a VALUES (1, 'x');
INSERT INTO b VALUES (1, 'x', 'y');
