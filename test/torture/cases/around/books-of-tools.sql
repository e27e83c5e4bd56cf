-- Tables in which Wrangler (D1), PocketBase and Litestream keep books
-- expect: arrives
-- behind: _cf_KV, _litestream_seq, _litestream_lock
-- finding: EXCLUDED _litestream_seq
-- finding: TOOL_MIGRATIONS d1_migrations
CREATE TABLE d1_migrations(id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT UNIQUE, applied_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP NOT NULL);
INSERT INTO d1_migrations(name) VALUES ('0001_init.sql');
CREATE TABLE _cf_KV(key TEXT PRIMARY KEY, value BLOB) WITHOUT ROWID;
CREATE TABLE _litestream_seq(id INTEGER PRIMARY KEY, seq INTEGER);
CREATE TABLE _litestream_lock(id INTEGER);
CREATE TABLE item(id INTEGER PRIMARY KEY);
INSERT INTO item VALUES (1);
