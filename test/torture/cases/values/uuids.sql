-- UUIDs in lower, upper and mixed case in a UUID column
-- expect: arrives
-- types: plain, enhanced
-- target: select count(*) from t where lower(u::text) in ('6f9619ff-8b86-d011-b42d-00c04fc964ff', '00000000-0000-0000-0000-000000000000') => 3
CREATE TABLE t(id INTEGER PRIMARY KEY, u UUID);
INSERT INTO t VALUES (1, '6f9619ff-8b86-d011-b42d-00c04fc964ff'), (2, '6F9619FF-8B86-D011-B42D-00C04FC964FF'), (3, '00000000-0000-0000-0000-000000000000'), (4, NULL);
