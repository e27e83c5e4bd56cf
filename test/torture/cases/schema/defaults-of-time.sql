-- Defaults that are the present: CURRENT_TIMESTAMP, datetime('now'), strftime, unixepoch, julianday
-- expect: arrives
-- types: plain, enhanced
-- target: insert into t(id) values (2) returning length(a::text) >= 19, c > 1700000000, d > 1700000000, length(e::text) = 10 => t | t | t | t
-- finding: DEFAULT_NOT_TRANSLATED t.h
CREATE TABLE t(id INTEGER PRIMARY KEY, a DATETIME DEFAULT CURRENT_TIMESTAMP, b TEXT DEFAULT (datetime('now')), c INTEGER DEFAULT (strftime('%s', 'now')), d INTEGER DEFAULT (unixepoch()), e TEXT DEFAULT (date('now')), f TEXT DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')), g TEXT DEFAULT CURRENT_TIME, h TEXT DEFAULT (datetime('now', 'localtime')));
INSERT INTO t(id) VALUES (1);
