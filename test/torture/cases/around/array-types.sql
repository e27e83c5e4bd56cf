-- Columns declared TEXT[], NUMERIC[] and BYTE[], which hold JSON arrays, array literals of PostgreSQL, and bytes
-- expect: arrives
-- types: plain, enhanced
CREATE TABLE t(id INTEGER PRIMARY KEY, tags TEXT[], scores NUMERIC[], raw BYTE[], old INTEGER ARRAY);
INSERT INTO t VALUES (1, '["a","b, c","d\"e"]', '[1,2.5,null]', x'00ff', '{1,2}'), (2, '{a,"b, c"}', '{1,2.5,NULL}', x'', NULL), (3, '', '[]', NULL, '1');
