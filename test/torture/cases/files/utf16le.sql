-- A UTF-16 file, little endian: names, texts, defaults beyond ASCII
-- expect: arrives
-- during: UPDATE "tëxts" SET "wört" = '😀' WHERE id = 2; INSERT INTO "tëxts" VALUES (4, 'nëu', x'0041')
-- target: select "wört" from "tëxts" order by id => naïve ; 😀 ; NULL ; nëu
PRAGMA encoding = 'UTF-16le';
CREATE TABLE "tëxts"(id INTEGER PRIMARY KEY, "wört" TEXT DEFAULT 'ünd', b BLOB);
INSERT INTO "tëxts" VALUES (1, 'naïve', x'6100'), (2, '日本語', NULL), (3, NULL, x'');
