-- The ORM made timestamp(0), and SQLite holds fractions
-- expect: stopped VALUE_NOT_CONVERTIBLE b
-- before: create table b(id bigint primary key, ts timestamp(0))
CREATE TABLE b(id INTEGER PRIMARY KEY, ts DATETIME);
INSERT INTO b VALUES (1, '2024-01-31 10:00:00.6'), (2, '2024-01-31 10:00:59.5');
