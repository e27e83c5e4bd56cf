-- A table and a column whose names are empty
-- expect: arrives
-- renamed:  => unnamed
-- renamed: . => unnamed
-- target: select unnamed from unnamed => of nothing
CREATE TABLE ""("" TEXT, id INTEGER PRIMARY KEY);
INSERT INTO "" VALUES ('of nothing', 1);
