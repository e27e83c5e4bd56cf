-- JSON with \u0000 in one row, a generated column out of it, and an index on json_extract
-- Source: https://github.com/open-webui/open-webui/issues/15616 and https://github.com/FraunhoferIOSB/FROST-Server/issues/375
-- expect: arrives
-- types: plain, enhanced
CREATE TABLE chat(id TEXT PRIMARY KEY, chat JSON NOT NULL, title TEXT GENERATED ALWAYS AS (json_extract(chat, '$.title')) VIRTUAL, archived BOOLEAN NOT NULL DEFAULT 0);
CREATE INDEX chat_model ON chat(json_extract(chat, '$.model')) WHERE archived = 0;
INSERT INTO chat(id, chat, archived) VALUES ('1', '{"title":"fine","model":"m"}', 0), ('2', '{"title":"some early \u0000 bytes","model":"m"}', 0), ('3', '{"title":"lone \ud83d half","model":null}', 1);
