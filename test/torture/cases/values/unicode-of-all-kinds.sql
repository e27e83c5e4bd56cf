-- A BOM, combining marks, emoji with joiners, non-characters, private use, right-to-left marks, U+FEFF inside
-- expect: arrives
CREATE TABLE t(id INTEGER PRIMARY KEY, v TEXT);
INSERT INTO t VALUES (1, char(0xFEFF) || 'bom'), (2, 'e' || char(0x301)), (3, 'é'), (4, '👨‍👩‍👧‍👦'), (5, char(0xFFFF)), (6, char(0xFFFE)), (7, char(0x10FFFF)), (8, char(0xE000)), (9, char(0x202E) || 'abc'), (10, 'mid' || char(0xFEFF)), (11, '南宋绍兴元年'), (12, char(0x85) || char(0x2028)), (13, 'ß ẞ İ ı'), (14, char(127));
