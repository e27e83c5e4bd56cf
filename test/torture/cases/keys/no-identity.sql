-- Columns named rowid, oid and _rowid_, and no key: its rows cannot be identified
-- expect: stopped NO_ROW_IDENTITY t
CREATE TABLE t(rowid, oid, _rowid_);
INSERT INTO t VALUES (1, 2, 3), (1, 2, 3);
