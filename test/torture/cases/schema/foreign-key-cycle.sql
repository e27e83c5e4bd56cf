-- Two tables that refer to each other, and one that refers to itself, with actions and DEFERRABLE
-- expect: arrives
-- target: select count(*) from pg_constraint where contype = 'f' and connamespace = 'public'::regnamespace => 4
-- target: select condeferrable, condeferred, confdeltype from pg_constraint where conrelid = 'a'::regclass and contype = 'f' and connamespace = 'public'::regnamespace => t | t | n
-- during: PRAGMA foreign_keys = ON; BEGIN; INSERT INTO a VALUES (2, 2); INSERT INTO b VALUES (2, 2); COMMIT; DELETE FROM tree WHERE id = 2
CREATE TABLE a(id INTEGER PRIMARY KEY, b INTEGER REFERENCES b(id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED);
CREATE TABLE b(id INTEGER PRIMARY KEY, a INTEGER NOT NULL REFERENCES a(id) ON DELETE CASCADE ON UPDATE CASCADE);
CREATE TABLE tree(id INTEGER PRIMARY KEY, parent INTEGER REFERENCES tree ON DELETE CASCADE, root INTEGER REFERENCES tree(id));
INSERT INTO a VALUES (1, 1);
INSERT INTO b VALUES (1, 1);
INSERT INTO tree VALUES (1, NULL, 1), (3, 2, 1), (2, 1, 1);
