-- Columns named xmin, ctid, tableoid, cmin, cmax, xmax, oid
-- expect: arrives
-- finding: NAME_CHANGED t.xmin
-- renamed: t.xmin => xmin_
-- renamed: t.ctid => ctid_
-- renamed: t.tableoid => tableoid_
-- renamed: t.cmax => cmax_
-- target: select xmin_, ctid_, tableoid_, cmax_, oid, "XMIN2" from t => 1 | 2 | 3 | 4 | 5 | 6
-- during: UPDATE t SET xmin = 1, ctid = 2
CREATE TABLE t(id INTEGER PRIMARY KEY, xmin INTEGER, ctid INTEGER, tableoid INTEGER, cmax INTEGER, oid INTEGER, XMIN2 INTEGER);
INSERT INTO t VALUES (1, 0, 0, 3, 4, 5, 6);
