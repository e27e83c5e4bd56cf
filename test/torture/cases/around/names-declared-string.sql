-- Names declared STRING, whose affinity is NUMERIC: one that consists of digits becomes a number during the sync
-- expect: arrives
-- finding: VIEW_NOT_TRANSLATED ordered
-- target: select name from spelled order by 1 => 007a! ; 42! ; ada!
-- target: select count(*) from pg_views where viewname = 'ordered' => 0
-- during: INSERT INTO t VALUES (3, '042')
CREATE TABLE t(id INTEGER PRIMARY KEY, name STRING);
INSERT INTO t VALUES (1, 'Ada'), (2, '007a');
CREATE VIEW spelled AS SELECT lower(name) || '!' AS name FROM t;
CREATE VIEW ordered AS SELECT id FROM t WHERE name < 'B';
