-- REAL keys: denormal, negative, infinite, neighbouring doubles
-- expect: arrives
-- during: UPDATE t SET v = 'changed'; DELETE FROM t WHERE id = 0.5
CREATE TABLE t(id REAL PRIMARY KEY NOT NULL, v TEXT);
INSERT INTO t VALUES (0.1, 'a'), (0.1 + 1e-17, 'x') ON CONFLICT DO NOTHING;
INSERT INTO t VALUES (0.30000000000000004, 'b'), (0.3, 'c'), (5e-324, 'd'), (-1e300, 'e'), (9e999, 'f'), (0.5, 'g'), (0.0, 'h');
