-- Columns named rowid and oid, which hide the rowid, and no key
-- expect: arrives
-- target: select rowid, oid from t order by v => seven | 7 ; 8 | NULL
-- during: UPDATE t SET rowid = 8 WHERE oid IS NULL
CREATE TABLE t(rowid, oid INTEGER, v TEXT);
INSERT INTO t VALUES ('seven', 7, 'a'), ('eight', NULL, 'b');
