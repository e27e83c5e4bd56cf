-- A view with a text in double quotes, as SQLite has always allowed
-- expect: arrives
-- target: select id, l from qv => 1 | lit
CREATE TABLE q(id INTEGER PRIMARY KEY, st TEXT);
INSERT INTO q VALUES (1, 'new');
CREATE VIEW qv AS SELECT id, "lit" AS l FROM q WHERE st = "new";
