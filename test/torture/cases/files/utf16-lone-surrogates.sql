-- Lone surrogates in a UTF-16 file, quarantine by a rule
-- expect: quarantined
-- rules: {"tables": {"t": {"columns": {"v": {"type": "text", "onBadValue": "quarantine"}}}}}
-- quarantined: t 2; 3
-- target: select v from t order by id => whole ; 😀
PRAGMA encoding = 'UTF-16le';
CREATE TABLE t(id INTEGER PRIMARY KEY, v TEXT);
INSERT INTO t VALUES (1, 'whole'), (2, CAST(x'3dd8' AS TEXT)), (3, CAST(x'610000dc6200' AS TEXT)), (4, '😀');
