-- sqlite-vec's vec0, whose module is not there: its vectors are only in chunks of its shadow tables
-- expect: arrives
-- finding: VIRTUAL_TABLE vec_items
CREATE TABLE item(id INTEGER PRIMARY KEY, title TEXT);
INSERT INTO item VALUES (1, 'a'), (2, 'b');
CREATE TABLE "vec_items_info"(key TEXT PRIMARY KEY, value ANY);
CREATE TABLE "vec_items_chunks"(chunk_id INTEGER PRIMARY KEY AUTOINCREMENT, size INTEGER NOT NULL, validity BLOB NOT NULL, rowids BLOB NOT NULL);
CREATE TABLE "vec_items_rowids"(rowid INTEGER PRIMARY KEY AUTOINCREMENT, id, chunk_id INTEGER, chunk_offset INTEGER);
CREATE TABLE "vec_items_vector_chunks00"(rowid PRIMARY KEY, vectors BLOB NOT NULL);
INSERT INTO "vec_items_chunks" VALUES (1, 8, x'03', x'01000000000000000200000000000000' || zeroblob(48));
INSERT INTO "vec_items_rowids" VALUES (1, NULL, 1, 0), (2, NULL, 1, 1);
INSERT INTO "vec_items_vector_chunks00" VALUES (1, zeroblob(64));
PRAGMA writable_schema = ON;
INSERT INTO sqlite_schema(type, name, tbl_name, rootpage, sql) VALUES ('table', 'vec_items', 'vec_items', 0, 'CREATE VIRTUAL TABLE vec_items USING vec0(embedding float[2])');
PRAGMA writable_schema = RESET;
