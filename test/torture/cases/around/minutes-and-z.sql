-- ISO 8601 without seconds and with a zone, 2024-01-31T10:00Z
-- expect: arrives
-- types: plain, enhanced
CREATE TABLE t(id INTEGER PRIMARY KEY, at DATETIME);
INSERT INTO t VALUES (1, '2024-01-31T10:00Z'), (2, '2024-02-01T23:59Z');
