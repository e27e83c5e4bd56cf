-- A table of the application's that is named like the one of node-pg-migrate
-- expect: arrives
-- renamed: pgmigrations => pgmigrations_2
-- finding: NAME_CHANGED pgmigrations
CREATE TABLE pgmigrations(id INTEGER PRIMARY KEY, name TEXT, run_on TEXT);
INSERT INTO pgmigrations VALUES (1, 'mine', '2024-01-01');
