-- Generated columns, virtual and stored, one of them from json_extract, one keyed
-- expect: arrives
-- target: select total, upper_name, kind from t where id < 3 order by id => 6 | ANN | a ; NULL | NULL | NULL
-- target: select total from t where id = 3 => 20
-- during: UPDATE t SET qty = 3 WHERE id = 1; UPDATE t SET qty = 2 WHERE id = 1; INSERT INTO t(id, qty, price) VALUES (3, 4, 5); DELETE FROM t WHERE id = 3; INSERT INTO t(id, qty, price, name, doc) VALUES (3, 10, 2, 'x', '{}')
CREATE TABLE t(id INTEGER PRIMARY KEY, qty INTEGER, price INTEGER, name TEXT, doc TEXT,
  total INTEGER GENERATED ALWAYS AS (qty * price) STORED,
  upper_name TEXT AS (upper(name)) VIRTUAL,
  kind TEXT AS (json_extract(doc, '$.kind')));
INSERT INTO t(id, qty, price, name, doc) VALUES (1, 2, 3, 'Ann', '{"kind":"a"}'), (2, NULL, 3, NULL, NULL);
CREATE INDEX t_kind ON t(kind);
