-- starts_at is a foreign key to ids of OpenStreetMap, which look like seconds since 1970
-- expect: arrives
-- types: enhanced
-- target: select pg_typeof(starts_at)::text from run limit 1 => bigint
-- target: select count(*) from pg_constraint where contype = 'f' and conrelid = 'run'::regclass => 1
CREATE TABLE stop(id INTEGER PRIMARY KEY, name TEXT);
CREATE TABLE run(id INTEGER PRIMARY KEY, starts_at INTEGER REFERENCES stop(id));
WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 25) INSERT INTO stop SELECT 1500000000 + n * 977, 's' || n FROM c;
INSERT INTO run SELECT row_number() OVER (), id FROM stop;
