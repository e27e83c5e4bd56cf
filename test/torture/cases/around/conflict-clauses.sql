-- ON CONFLICT REPLACE, IGNORE and ROLLBACK in the table itself: after the switch the same INSERT fails where it used to replace or to do nothing
-- expect: arrives
-- during: INSERT INTO setting(name, value) VALUES ('a', 'replaced'); INSERT INTO seen(url) VALUES ('u1'); INSERT INTO seen(url) VALUES ('u2'); UPDATE OR REPLACE setting SET name = 'b' WHERE name = 'a'
-- target: select string_agg(name || '=' || value, ',' order by name) from setting => b=replaced
-- target: select count(*) from seen => 2
CREATE TABLE setting(name TEXT NOT NULL PRIMARY KEY ON CONFLICT REPLACE, value TEXT NOT NULL ON CONFLICT IGNORE DEFAULT 'x');
INSERT INTO setting VALUES ('a', '1'), ('b', '2');
CREATE TABLE seen(id INTEGER PRIMARY KEY ON CONFLICT ROLLBACK, url TEXT UNIQUE ON CONFLICT IGNORE);
INSERT INTO seen(url) VALUES ('u1');
