-- Texts as keys in a UTF-16 file, little endian, in a foreign key and WITHOUT ROWID too
-- expect: arrives
-- during: UPDATE c SET v = 'x' WHERE k = 'é'; DELETE FROM p WHERE k = 'gone'
PRAGMA encoding = 'UTF-16le';
CREATE TABLE p(k TEXT PRIMARY KEY NOT NULL, v TEXT);
CREATE TABLE c(k TEXT PRIMARY KEY REFERENCES p(k), v) WITHOUT ROWID;
INSERT INTO p VALUES ('é', 'a'), ('b', NULL), ('gone', 'c');
INSERT INTO c VALUES ('é', 1), ('b', 'two');
