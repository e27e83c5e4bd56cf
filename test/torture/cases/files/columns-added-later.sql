-- Columns added by ALTER TABLE, which older rows do not hold; one dropped, one renamed
-- expect: arrives
-- target: select id, late, later, newer from t order by id => 1 | 7 | NULL | x ; 2 | 8 | z | y
CREATE TABLE t(id INTEGER PRIMARY KEY, old TEXT, v TEXT);
INSERT INTO t VALUES (1, 'gone', 'x');
ALTER TABLE t ADD COLUMN late INTEGER NOT NULL DEFAULT 7;
ALTER TABLE t ADD COLUMN later TEXT;
ALTER TABLE t DROP COLUMN old;
ALTER TABLE t RENAME COLUMN v TO newer;
INSERT INTO t VALUES (2, 'y', 8, 'z');
