-- Tables without rows, with every kind of column, and one whose only column is the key
-- expect: arrives
-- types: plain, enhanced
-- target: insert into "only" values (default) returning id => 1
CREATE TABLE t(id INTEGER PRIMARY KEY, a TEXT NOT NULL, b REAL, c BLOB, d BOOLEAN, e DATETIME, f DECIMAL(10,2), g JSON, h UUID, i, j TIME, k VARCHAR(10) DEFAULT 'x');
CREATE TABLE only(id INTEGER PRIMARY KEY);
CREATE TABLE keyless(a, b);
