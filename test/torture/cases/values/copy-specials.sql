-- Texts that mean something to COPY: \N, \., backslashes, tabs, line ends
-- expect: arrives
-- target: select count(*) from t where v = '\N' or v = '\.' or v = '\\.' => 3
CREATE TABLE t(id INTEGER PRIMARY KEY, v TEXT NOT NULL);
INSERT INTO t VALUES (1, '\N'), (2, '\.'), (3, '\\.'), (4, char(9)), (5, char(10)), (6, char(13, 10)), (7, char(92)), (8, char(92, 10)), (9, char(92) || 't'), (10, char(8, 11, 12)), (11, ''), (12, 'NULL'), (13, '"quoted, with comma"'), (14, char(92) || 'x41'), (15, 'a' || char(13));
