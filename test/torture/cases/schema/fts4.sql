-- FTS4 with contents of its own, next to a table named like one of its shadows
-- expect: arrives
-- finding: VIRTUAL_TABLE_MOVED mail_content
-- target: select subject from mail => hello
-- target: select v from mail_archive => mine
CREATE VIRTUAL TABLE mail USING fts4(subject, body);
INSERT INTO mail VALUES ('hello', 'world');
CREATE TABLE mail_archive(id INTEGER PRIMARY KEY, v TEXT);
INSERT INTO mail_archive VALUES (1, 'mine');
