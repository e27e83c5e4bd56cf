-- Milliseconds since 1970, negative ones too, that a rule makes timestamptz
-- expect: arrives
-- rules: {"tables": {"t": {"columns": {"at": {"type": "timestamptz"}}}}}
-- target: select at at time zone 'utc' from t order by id => 2024-01-31 12:30:00.123 ; 2020-01-01 00:00:00 ; 1969-12-31 23:59:59.999
-- during: INSERT INTO t VALUES (3, -1)
CREATE TABLE t(id INTEGER PRIMARY KEY, at DATETIME);
INSERT INTO t VALUES (1, 1706704200123), (2, 1577836800000);
