-- ISO timestamps that all say their zone, as Z or as an offset
-- expect: arrives
-- types: plain, enhanced
-- target: select pg_typeof(at), at at time zone 'utc' from t order by id => timestamp with time zone | 2024-01-31 12:30:00 ; timestamp with time zone | 2024-01-31 10:30:00 ; timestamp with time zone | 2024-01-31 07:00:00.5 ; timestamp with time zone | 2024-02-01 02:30:00
CREATE TABLE t(id INTEGER PRIMARY KEY, at TIMESTAMP);
INSERT INTO t VALUES (1, '2024-01-31T12:30:00Z'), (2, '2024-01-31 12:30:00+02:00'), (3, '2024-01-31T12:30:00.5+05:30'), (4, '2024-01-31T12:30:00-14');
