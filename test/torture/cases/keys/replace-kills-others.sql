-- INSERT OR REPLACE that removes rows through other unique indexes, and UPDATE OR REPLACE
-- expect: arrives
-- during: INSERT OR REPLACE INTO t VALUES (1, 'b', 'c'); UPDATE OR REPLACE t SET nick = 'd' WHERE id = 1
-- target: select id, name, nick from t order by id => 1 | b | d ; 5 | e | e
CREATE TABLE t(id INTEGER PRIMARY KEY, name TEXT UNIQUE, nick TEXT COLLATE NOCASE UNIQUE);
INSERT INTO t VALUES (1, 'a', 'a'), (2, 'b', 'b'), (3, 'c', 'C'), (4, 'd', 'D'), (5, 'e', 'e');
