-- A full text table of which one row holds a NUL byte: no text, so no to_tsvector either
-- expect: arrives
-- finding: NUL_IN_TEXT
CREATE VIRTUAL TABLE event_search USING fts4(event_id, room_id, value);
INSERT INTO event_search VALUES ('$1', '!r', 'hello world'), ('$2', '!r', CAST(x'68656c6c6f00776f726c64' AS TEXT)), ('$3', '!r', 'ünïcode');
