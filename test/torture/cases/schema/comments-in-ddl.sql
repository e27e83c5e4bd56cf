-- Comments, line ends and odd quoting within CREATE TABLE
-- expect: arrives
-- target: select a, "b c", d, "check" from t => 5 | NULL | 3 | 1
-- target: insert into t(id, d) values (2, 1) => PostgresError: new row for relation "t" violates check constraint "t_d_check"
CREATE TABLE /* why */ [t] ( -- the table
  `id` INTEGER /* not null, unique */ PRIMARY KEY,
  'a' INTEGER DEFAULT /* five */ 5, -- CHECK (a > 10)
  [b c] TEXT /* ) */,
  "d" UNSIGNED INT(11) CHECK (d > /* at least */ 2),
  "check" BIGINT DEFAULT (1)
);
INSERT INTO t(id, d) VALUES (1, 3);
