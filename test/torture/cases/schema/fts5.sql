-- FTS5 with contents of its own: rows that are nowhere else
-- expect: arrives
-- finding: VIRTUAL_TABLE_MOVED notes_content
-- target: select title, body from notes order by title => one | first body ; two | second body
CREATE VIRTUAL TABLE notes USING fts5(title, body);
INSERT INTO notes VALUES ('one', 'first body'), ('two', 'second body');
