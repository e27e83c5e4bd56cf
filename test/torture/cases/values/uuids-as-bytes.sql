-- UUIDs as 16 bytes that a rule makes uuid
-- expect: quarantined
-- rules: {"tables": {"t": {"columns": {"u": {"type": "uuid", "onBadValue": "quarantine"}}}}}
-- quarantined: t 3; 4
-- target: select u from t order by id => 6f9619ff-8b86-d011-b42d-00c04fc964ff ; 6f9619ff-8b86-d011-b42d-00c04fc964ff
CREATE TABLE t(id INTEGER PRIMARY KEY, u BLOB);
INSERT INTO t VALUES (1, x'6f9619ff8b86d011b42d00c04fc964ff'), (2, '6F9619FF-8B86-D011-B42D-00C04FC964FF'), (3, x'6f96'), (4, 'no uuid');
