-- A foreign key to a column that is not unique
-- expect: arrives
-- finding: FOREIGN_KEY_NOT_TRANSLATED|FOREIGN_KEY_UNCHECKED c
CREATE TABLE p(id INTEGER PRIMARY KEY, code TEXT);
CREATE TABLE c(id INTEGER PRIMARY KEY, code TEXT REFERENCES p(code));
INSERT INTO p VALUES (1, 'a'), (2, 'a');
INSERT INTO c VALUES (1, 'a');
