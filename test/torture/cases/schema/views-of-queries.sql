-- Views with subqueries, a query in FROM, USING, nested joins, NATURAL, group_concat, and a compound that is ordered
-- expect: arrives
-- target: select name, orders, last, has, share from per_person order by name => ann | 2 | 7 | 1 | 0.75 ; bob | 1 | 4 | 1 | 0.25 ; cid | 0 | NULL | 0 | NULL
-- target: select name, items from listed order by name => ann | 5,7 ; bob | 4
-- target: select id, person, name from named order by id => 1 | 1 | ann ; 2 | 1 | ann ; 3 | 2 | bob
-- target: select n, item from nested order by n, item => ann | a ; ann | b ; bob | a
-- target: select name from both_kinds => a ; ann ; b ; bob ; cid
-- target: select name from best => ann
CREATE TABLE person(person INTEGER PRIMARY KEY, name TEXT NOT NULL);
CREATE TABLE orders(id INTEGER PRIMARY KEY, person INTEGER NOT NULL, item INTEGER NOT NULL, total INTEGER NOT NULL);
CREATE TABLE item(item INTEGER PRIMARY KEY, label TEXT NOT NULL);
INSERT INTO person VALUES (1, 'ann'), (2, 'bob'), (3, 'cid');
INSERT INTO item VALUES (1, 'a'), (2, 'b');
INSERT INTO orders VALUES (1, 1, 1, 5), (2, 1, 2, 7), (3, 2, 1, 4);
CREATE VIEW per_person AS SELECT name, (SELECT count(*) FROM orders WHERE orders.person = p.person) AS orders,
  (SELECT total FROM orders o WHERE o.person = p.person ORDER BY id DESC LIMIT 1) AS last,
  EXISTS (SELECT 1 FROM orders WHERE person = p.person) AS has,
  (SELECT sum(total) FROM orders WHERE person = p.person AND id IN (SELECT id FROM orders WHERE total > 0)) * 1.0 / 16 AS share
  FROM person p;
CREATE VIEW listed AS SELECT p.name, group_concat(o.total) AS items FROM person p JOIN orders o ON o.person = p.person GROUP BY p.name;
CREATE VIEW named AS SELECT * FROM orders JOIN person USING (person);
CREATE VIEW nested AS SELECT p.name AS n, x.label AS item FROM person p JOIN (orders o JOIN item x ON x.item = o.item) ON o.person = p.person;
CREATE VIEW both_kinds AS SELECT name FROM person UNION SELECT label FROM item ORDER BY 1;
CREATE VIEW best AS SELECT name FROM (SELECT name, sum(total) AS s FROM person NATURAL JOIN orders GROUP BY name) WHERE s > 4;
