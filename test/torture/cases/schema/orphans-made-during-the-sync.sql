-- An orphan that comes into being between copy and cutover
-- expect: arrives
-- during: DELETE FROM p
-- target: select count(*) from c => 2
CREATE TABLE p(id INTEGER PRIMARY KEY);
CREATE TABLE c(id INTEGER PRIMARY KEY, p INTEGER REFERENCES p(id));
INSERT INTO p VALUES (1);
INSERT INTO c VALUES (1, 1), (2, 1);
