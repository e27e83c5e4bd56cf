-- A generated column in which SQLite's upper() leaves é alone and PostgreSQL's would not
-- expect: arrives
-- target: select shout from t order by id => CAFé ; ABC
CREATE TABLE t(id INTEGER PRIMARY KEY, name TEXT, shout TEXT AS (upper(name)) STORED);
INSERT INTO t(id, name) VALUES (1, 'café'), (2, 'abc');
