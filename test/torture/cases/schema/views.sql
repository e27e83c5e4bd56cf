-- Views: joins, aggregates, a view of a view, and one with a CTE
-- expect: arrives
-- target: select name, orders from busy order by name => ann | 2 ; bob | 1
-- target: select name from busiest => ann
CREATE TABLE p(id INTEGER PRIMARY KEY, name TEXT);
CREATE TABLE o(id INTEGER PRIMARY KEY, p INTEGER REFERENCES p, total REAL);
INSERT INTO p VALUES (1, 'ann'), (2, 'bob');
INSERT INTO o VALUES (1, 1, 5), (2, 1, 7.5), (3, 2, 1);
CREATE VIEW busiest AS SELECT name FROM busy WHERE orders > 1;
CREATE VIEW busy AS SELECT p.name, count(*) AS orders, sum(total) AS total FROM p JOIN o ON o.p = p.id GROUP BY p.id, p.name;
CREATE VIEW recent AS WITH last AS (SELECT max(id) AS id FROM o) SELECT o.* FROM o JOIN last USING (id);
