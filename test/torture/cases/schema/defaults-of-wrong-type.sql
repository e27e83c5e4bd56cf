-- Defaults that are no value of the column's type: text for an integer, 0000-00-00 for a date, 'now' for a timestamp
-- expect: arrives
-- target: select n, d from t => 1 | 2024-01-31
-- finding: DEFAULT_NOT_TRANSLATED t.n
CREATE TABLE t(id INTEGER PRIMARY KEY, n INTEGER DEFAULT 'none', d DATE DEFAULT '0000-00-00', at TIMESTAMP DEFAULT 'now');
INSERT INTO t VALUES (1, 1, '2024-01-31', '2024-01-31 12:30:00');
