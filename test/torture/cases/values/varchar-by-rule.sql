-- Texts too long, and trailing blanks that varchar would drop without a word, in a column that is to be varchar(3)
-- expect: quarantined
-- rules: {"tables": {"t": {"columns": {"v": {"type": "varchar(3)", "onBadValue": "quarantine"}}}}}
-- quarantined: t 2; 3
CREATE TABLE t(id INTEGER PRIMARY KEY, v VARCHAR(3));
INSERT INTO t VALUES (1, 'abc'), (2, 'abcd'), (3, 'abc  '), (4, 'a  '), (5, '日本語');
