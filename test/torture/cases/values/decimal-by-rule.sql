-- A third decimal in a column that a rule makes numeric(10,2): rounding is refused
-- expect: quarantined
-- rules: {"tables": {"t": {"columns": {"price": {"type": "numeric(10,2)", "onBadValue": "quarantine"}}}}}
-- quarantined: t 2; 3
-- target: select price from t order by id => 19.99 ; 0.10
CREATE TABLE t(id INTEGER PRIMARY KEY, price DECIMAL(10,2));
INSERT INTO t VALUES (1, 19.99), (2, 20.125), (3, 1e9), (4, 0.1);
