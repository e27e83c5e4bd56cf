-- NULL, 'NULL', '' and 'null' side by side
-- expect: arrives
-- target: select count(*) filter (where v is null), count(*) filter (where v = ''), count(*) filter (where lower(v) = 'null') from t => 1 | 1 | 2
CREATE TABLE t(id INTEGER PRIMARY KEY, v TEXT);
INSERT INTO t VALUES (1, NULL), (2, 'NULL'), (3, ''), (4, 'null');
