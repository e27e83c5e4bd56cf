-- Texts of 4,000 random digits in an indexed column, and a UNIQUE one
-- expect: arrives
-- finding: INDEX_TOO_WIDE t
-- target: select count(*) from pg_index where indrelid = 't'::regclass => 2
-- target: insert into t select 9, 'x', u from t where id = 1 => PostgresError: duplicate key value violates unique constraint "t_u_key"
CREATE TABLE t(id INTEGER PRIMARY KEY, v TEXT, u TEXT UNIQUE);
INSERT INTO t VALUES (1, hex(randomblob(2000)), hex(randomblob(2000))), (2, 'short', 'short');
CREATE INDEX t_v ON t(v);
