-- What Go writes into a TIMESTAMP column: RFC 3339, its own String() with zone names, numeric zone names and a monotonic clock
-- expect: arrives
-- types: plain, enhanced
-- finding: DATE_AS_TEXT kv.updated
CREATE TABLE kv(id INTEGER PRIMARY KEY, created TIMESTAMP, updated TIMESTAMP);
INSERT INTO kv VALUES (1, '2023-06-21T13:16:34.92806+02:00', '2023-06-21 17:02:06.347726 +0545 +0545 m=+0.014533293'),
  (2, '2026-09-11T20:39:10.511227327Z', '2026-09-11 20:39:10.511227327 +0000 UTC m=+73.186830353'), (3, '2026-09-11 20:39:10.511227327-07:00', '2026-09-11 20:39:10 -0700 PDT');
