-- Defaults: quoted numbers, NULL in words, false in a NUMERIC column, blobs, negative numbers, expressions, randomblob
-- expect: arrives
-- target: insert into t(id) values (2) returning a, b, c::int, d, e, f, g, h, length(i), j, k => 5 | NULL | 0 | \x00ff | -1.5 | it's | 3 | 16 | 32 | 1e3 | ab
CREATE TABLE t(id INTEGER PRIMARY KEY, a INTEGER DEFAULT '5', b TEXT DEFAULT null, c NUMERIC DEFAULT false, d BLOB DEFAULT x'00ff', e REAL DEFAULT -1.5, f TEXT DEFAULT 'it''s', g INTEGER DEFAULT (1 + 2), h INTEGER DEFAULT 0x10, i TEXT DEFAULT (lower(hex(randomblob(16)))), j TEXT DEFAULT '1e3', k BLOB DEFAULT 'ab');
INSERT INTO t(id) VALUES (1);
