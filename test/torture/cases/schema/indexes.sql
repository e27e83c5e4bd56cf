-- Partial, expression, DESC, collated and covering indexes
-- expect: arrives
-- target: select count(*) from pg_index where indrelid = 't'::regclass => 7
-- target: select indexdef ~* 'where .*deleted.* is null' from pg_indexes where indexname = 't_partial' => t
-- target: select indexdef ~* 'unique' and indexdef ~* 'lower' from pg_indexes where indexname = 't_mail' => t
-- target: select indexdef ~* 'desc' from pg_indexes where indexname = 't_desc' => t
-- during: UPDATE t SET deleted = 'x' WHERE id = 1; INSERT INTO t VALUES (4, 'a', NULL, 'D@x', 1)
CREATE TABLE t(id INTEGER PRIMARY KEY, name TEXT, deleted TEXT, mail TEXT COLLATE NOCASE, qty INTEGER);
INSERT INTO t VALUES (1, 'a', NULL, 'A@x', 1), (2, 'b', 'then', 'b@x', 2), (3, 'a', 'then', 'c@x', 3);
CREATE UNIQUE INDEX t_partial ON t(name) WHERE deleted IS NULL;
CREATE INDEX t_expression ON t(lower(name), qty * 2);
CREATE INDEX t_desc ON t(qty DESC, name);
CREATE UNIQUE INDEX t_mail ON t(mail);
CREATE INDEX t_nocase ON t(name COLLATE NOCASE);
CREATE INDEX "t.dotted" ON t(qty) WHERE qty BETWEEN 1 AND 10 AND name IN ('a', 'b');
