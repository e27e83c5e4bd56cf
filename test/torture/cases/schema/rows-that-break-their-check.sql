-- Rows that break a CHECK, written while it was not enforced
-- expect: arrives
-- target: select qty from t order by id => -1 ; 5
CREATE TABLE t(id INTEGER PRIMARY KEY, qty INTEGER CHECK (qty > 0));
PRAGMA ignore_check_constraints = ON;
INSERT INTO t VALUES (1, -1), (2, 5);
