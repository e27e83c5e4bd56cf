-- Invalid JSON of several lines, which PostgreSQL reports with a line of the text before the line of the row
-- expect: quarantined
-- rules: {"tables": {"t": {"onBadValue": "quarantine", "columns": {"doc": {"type": "jsonb"}}}}}
-- quarantined: t 2; 4; 6
-- during: INSERT INTO t VALUES (6, '{"a": "x",' || char(10, 10) || '"b": }'); UPDATE t SET doc = '[' || char(10) || '1]' WHERE id = 1
CREATE TABLE t(id INTEGER PRIMARY KEY, doc TEXT);
INSERT INTO t VALUES (1, '{"a": 1}'), (2, '{' || char(10) || ' "a": "x",' || char(10) || ' "b": oops' || char(10) || '}'), (3, '{' || char(10) || '"a": "b"}'), (4, '{"a": "y",' || char(10) || ' "k": "\u0000"}'), (5, 'null');
