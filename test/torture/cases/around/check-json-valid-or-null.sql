-- Django's CHECK of every JSONField: (JSON_VALID("data") OR "data" IS NULL)
-- expect: arrives
-- target: select count(*) from pg_constraint where contype = 'c' and conrelid = 'app_doc'::regclass => 1
CREATE TABLE app_doc(id INTEGER PRIMARY KEY, data TEXT NOT NULL CHECK ((JSON_VALID("data") OR "data" IS NULL)));
INSERT INTO app_doc VALUES (1, '{"a":1}'), (2, 'null');
