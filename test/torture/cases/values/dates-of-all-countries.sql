-- US, German, Chinese and verbal dates in a DATE column
-- expect: arrives
-- types: plain, enhanced
-- finding: DATE_AS_TEXT t.d
-- target: select d from t order by id => 1/10/1997 ; 31.12.1999 ; 南宋绍兴元年 ; May 5, 2001 ; 20240131 ; 2024-1-5 ; now ; today ; infinity
CREATE TABLE t(id INTEGER PRIMARY KEY, d DATE);
INSERT INTO t VALUES (1, '1/10/1997'), (2, '31.12.1999'), (3, '南宋绍兴元年'), (4, 'May 5, 2001'), (5, '20240131'), (6, '2024-1-5'), (7, 'now'), (8, 'today'), (9, 'infinity');
