-- A line "-- Down Migration" in a default, a CHECK, a view and a name, by which node-pg-migrate would cut our own file
-- expect: arrives
-- target: insert into t(id) values (9) returning length(note) => 20
-- target: select count(*) from v => 1
-- target: insert into t(id, note) values (10, E'x\n-- Up Migration\ny') => PostgresError: new row for relation "t" violates check constraint "t_note_check"
CREATE TABLE t(id INTEGER PRIMARY KEY, note TEXT DEFAULT 'a
-- Down Migration
' CHECK (note <> 'x
-- Up Migration
y'), "c
-- down migration" TEXT);
INSERT INTO t(id, note) VALUES (1, 'n'), (2, 'b
--- DOWN  MIGRATION now');
CREATE VIEW v AS SELECT id FROM t WHERE note = 'b
--- DOWN  MIGRATION now';
