-- CHECKs: translated where they can be, named where not; the target refuses what the source does
-- expect: arrives
-- target: insert into t(id, qty) values (9, -1) => PostgresError: new row for relation "t" violates check constraint "t_qty_check"
-- target: select count(*) from pg_constraint where contype = 'c' and conrelid = 't'::regclass and conname = 'state_known' => 1
CREATE TABLE t(id INTEGER PRIMARY KEY, qty INTEGER CHECK (qty >= 0), state TEXT CONSTRAINT state_known CHECK (state IN ('new', 'done')), mail TEXT CHECK (mail LIKE '%@%'), code TEXT CHECK (length(code) = 3 AND code GLOB '[A-Z]*'), CHECK (state <> 'done' OR qty > 0));
INSERT INTO t VALUES (1, 2, 'done', 'A@b', 'ABC'), (2, NULL, NULL, NULL, NULL);
