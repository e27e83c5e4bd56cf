-- A bad value where no rule says what becomes of it: the run stops and names the table
-- expect: stopped VALUE_NOT_CONVERTIBLE t
-- rules: {"tables": {"t": {"columns": {"n": {"type": "bigint"}}}}}
CREATE TABLE t(id INTEGER PRIMARY KEY, n INTEGER);
INSERT INTO t VALUES (1, 1), (2, 'twelve');
