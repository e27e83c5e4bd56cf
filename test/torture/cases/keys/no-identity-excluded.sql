-- A table whose rows cannot be identified, left behind by a rule
-- expect: rule NO_ROW_IDENTITY
-- rules: {"tables": {"t": {"exclude": true}}}
CREATE TABLE t(rowid, oid, _rowid_);
INSERT INTO t VALUES (1, 2, 3), (1, 2, 3);
CREATE TABLE other(id INTEGER PRIMARY KEY, v TEXT);
INSERT INTO other VALUES (1, 'x');
