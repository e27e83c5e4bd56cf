-- Foreign keys to a table that is not there, and to a column that is not there
-- expect: arrives
-- finding: FOREIGN_KEY_NOT_TRANSLATED c
CREATE TABLE p(id INTEGER PRIMARY KEY);
CREATE TABLE c(id INTEGER PRIMARY KEY, gone INTEGER REFERENCES gone(id), wrong INTEGER REFERENCES p(missing));
INSERT INTO c VALUES (1, 5, 6);
