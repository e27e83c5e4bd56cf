-- BOOL columns with defaults 0, 1, '0', "1", FALSE, (1) and a CHECK, which PostgreSQL refuses for a boolean
-- expect: arrives
-- target: insert into repository(id) values (9) returning is_fork, is_private, a, b, c, d => f | t | f | t | f | t
CREATE TABLE repository(id INTEGER PRIMARY KEY, is_fork BOOL DEFAULT 0 NOT NULL, is_private BOOL NOT NULL DEFAULT 1,
  a BOOL DEFAULT '0', b BOOLEAN DEFAULT "1", c BOOLEAN DEFAULT FALSE, d BOOL DEFAULT (1) CHECK (d <> 2));
INSERT INTO repository VALUES (1, 0, 1, 0, 1, 0, 1), (2, 1, 0, 1, 0, NULL, NULL);
