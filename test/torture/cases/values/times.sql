-- Times of day, with and without seconds
-- expect: arrives
-- types: plain, enhanced
CREATE TABLE t(id INTEGER PRIMARY KEY, opens TIME);
INSERT INTO t VALUES (1, '08:30:00'), (2, '23:59:59.999999'), (3, '00:00');
