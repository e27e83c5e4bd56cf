-- A column under NOCASE that is not unique: = tells cases apart after the switch
-- expect: arrives
-- finding: COLLATION_CHANGED t.mail
CREATE TABLE t(id INTEGER PRIMARY KEY, mail TEXT COLLATE NOCASE);
INSERT INTO t VALUES (1, 'Zed@x'), (2, 'a@x');
CREATE INDEX t_mail ON t(mail);
