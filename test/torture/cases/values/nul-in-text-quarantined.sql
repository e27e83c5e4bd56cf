-- NUL bytes within a text column that is to stay text
-- expect: quarantined
-- rules: {"tables": {"t": {"columns": {"v": {"type": "text", "onBadValue": "quarantine"}}}}}
-- quarantined: t 2; 3
CREATE TABLE t(id INTEGER PRIMARY KEY, v TEXT);
INSERT INTO t VALUES (1, 'plain'), (2, CAST(x'610062' AS TEXT)), (3, CAST(x'00' AS TEXT)), (4, '');
