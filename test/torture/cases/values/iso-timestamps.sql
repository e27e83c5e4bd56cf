-- ISO timestamps in a DATETIME column, with a blank or a T, with and without fractions
-- expect: arrives
-- types: plain, enhanced
-- target: select pg_typeof(at), at from t order by id => timestamp without time zone | 2024-01-31 12:30:00 ; timestamp without time zone | 2024-01-31 12:30:00.123456 ; timestamp without time zone | 1583-01-01 00:00:00 ; timestamp without time zone | 9999-12-31 23:59:59.999999 ; timestamp without time zone | 2024-02-29 00:00:00 ; timestamp without time zone | 2024-01-31 12:30:00
CREATE TABLE t(id INTEGER PRIMARY KEY, at DATETIME);
INSERT INTO t VALUES (1, '2024-01-31 12:30:00'), (2, '2024-01-31T12:30:00.123456'), (3, '1583-01-01 00:00:00'), (4, '9999-12-31 23:59:59.999999'), (5, '2024-02-29'), (6, '2024-01-31 12:30');
