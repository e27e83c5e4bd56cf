-- FTS5 over a table, kept in step by triggers, and a contentless one: indexes, not data
-- expect: arrives
-- finding: VIRTUAL_TABLE bare
-- finding: VIRTUAL_TABLE_MOVED docs
-- target: select count(*) from pg_indexes where indexname = 'search' => 1
-- target: select title from docs order by id => one ; two ; three
-- target: select count(*) from information_schema.tables where table_name like 'search\_%' => 0
-- during: INSERT INTO docs(title) VALUES ('three')
CREATE TABLE docs(id INTEGER PRIMARY KEY, title TEXT);
CREATE VIRTUAL TABLE search USING fts5(title, content='docs', content_rowid='id');
CREATE VIRTUAL TABLE bare USING fts5(title, content='');
CREATE TRIGGER docs_insert AFTER INSERT ON docs BEGIN INSERT INTO search(rowid, title) VALUES (NEW.id, NEW.title); END;
INSERT INTO docs(title) VALUES ('one'), ('two');
