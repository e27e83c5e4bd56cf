-- UUIDs in braces, without hyphens, as URN, as 16 bytes, one too short, in one column
-- expect: arrives
-- types: plain, enhanced
CREATE TABLE t(id INTEGER PRIMARY KEY, u GUID);
INSERT INTO t VALUES (1, '6f9619ff-8b86-d011-b42d-00c04fc964ff'), (2, '{6F9619FF-8B86-D011-B42D-00C04FC964FF}'), (3, '6f9619ff8b86d011b42d00c04fc964ff'), (4, 'urn:uuid:6f9619ff-8b86-d011-b42d-00c04fc964ff'), (5, '6f9619ff-8b86-d011-b42d-00c04fc964f');
