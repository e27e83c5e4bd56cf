-- A UNIQUE index on json_extract() has no translation
-- expect: arrives
-- target: select count(*) from pg_indexes where tablename = 'p' and indexdef like 'CREATE UNIQUE INDEX p_mail %' => 1
CREATE TABLE p(id INTEGER PRIMARY KEY, doc TEXT);
INSERT INTO p VALUES (1, '{"email":"a@b"}'), (2, '{}');
CREATE UNIQUE INDEX p_mail ON p(json_extract(doc, '$.email'));
