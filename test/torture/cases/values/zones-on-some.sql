-- Timestamps of which some say their zone and others do not
-- expect: arrives
-- types: plain, enhanced
-- finding: DATE_AS_TEXT t.at
-- target: select at from t order by id => 2024-01-31T12:30:00Z ; 2024-01-31T12:30:00 ; 2024-01-31T12:30:00+02:00
CREATE TABLE t(id INTEGER PRIMARY KEY, at DATETIME);
INSERT INTO t VALUES (1, '2024-01-31T12:30:00Z'), (2, '2024-01-31T12:30:00'), (3, '2024-01-31T12:30:00+02:00');
