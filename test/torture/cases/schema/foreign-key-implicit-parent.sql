-- REFERENCES p without a column, to a composite key too
-- expect: arrives
-- target: select count(*) from pg_constraint where contype = 'f' and conrelid = 'c'::regclass => 2
CREATE TABLE p(k INTEGER PRIMARY KEY);
CREATE TABLE q(a TEXT, b INTEGER, PRIMARY KEY (b, a));
CREATE TABLE c(id INTEGER PRIMARY KEY, p INTEGER REFERENCES p, qb INTEGER, qa TEXT, FOREIGN KEY (qb, qa) REFERENCES q);
INSERT INTO p VALUES (1);
INSERT INTO q VALUES ('x', 1);
INSERT INTO c VALUES (1, 1, 1, 'x'), (2, NULL, 7, NULL);
