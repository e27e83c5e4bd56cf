-- Dates of several formats in a column of NUMERIC affinity, and a view that counts on their order: a number there would come before all texts
-- expect: arrives
-- finding: CHECK_ADDED t.made
-- target: select id from v order by id => 2 ; 3
-- target: select '5' !~* substring(pg_get_constraintdef(oid) from '''(.*)''::text') from pg_constraint where contype = 'c' and conrelid = 't'::regclass => f
-- during: INSERT INTO t VALUES (3, '2025-01-01T00:00')
CREATE TABLE t(id INTEGER PRIMARY KEY, made DATETIME);
INSERT INTO t VALUES (1, '1.2.2024'), (2, 'yesterday');
CREATE VIEW v AS SELECT id FROM t WHERE made > '2024-02';
