-- .NET's DateTime.MinValue with the offset of Berlin among zoned timestamps
-- expect: arrives
-- finding: DATE_AS_TEXT z.seen
-- types: plain, enhanced
CREATE TABLE z(id INTEGER PRIMARY KEY, seen DATETIME);
INSERT INTO z VALUES (1, '2024-01-31T10:00:00+01:00'), (2, '0001-01-01T00:00:00+01:00');
