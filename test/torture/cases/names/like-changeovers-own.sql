-- A table named changeover, columns named _changeover_rowid, k1, seq, line and tbl, and a table named pgmigrations_2
-- expect: arrives
-- during: UPDATE changeover SET seq = 9; INSERT INTO keyless VALUES (5, 'new')
CREATE TABLE changeover(seq INTEGER, tbl TEXT, k1 TEXT, line INTEGER, "key" TEXT);
INSERT INTO changeover VALUES (1, 't', 'k', 2, 'x');
CREATE TABLE keyless("_changeover_position" INTEGER, v TEXT);
INSERT INTO keyless VALUES (4, 'x');
CREATE TABLE pgmigrations_2(id INTEGER PRIMARY KEY);
