-- Days of the years 1 to 1582, which PostgreSQL and SQLite both count by the Gregorian calendar
-- expect: arrives
-- target: select pg_typeof(d), d from t order by id => date | 0001-01-01 ; date | 0099-12-31 ; date | 1582-10-10 ; date | 9999-12-31
CREATE TABLE t(id INTEGER PRIMARY KEY, d DATE);
INSERT INTO t VALUES (1, '0001-01-01'), (2, '0099-12-31'), (3, '1582-10-10'), (4, '9999-12-31');
