-- Twenty IPv4 and IPv6 addresses in a column named for them
-- expect: arrives
-- types: enhanced
-- target: select pg_typeof(client_ip), count(*) from t group by 1 => inet | 21
CREATE TABLE t(id INTEGER PRIMARY KEY, client_ip TEXT);
INSERT INTO t(client_ip) WITH n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20) SELECT CASE i % 2 WHEN 0 THEN '10.0.' || i || '.255' ELSE '2001:DB8::' || i END FROM n;
INSERT INTO t(client_ip) VALUES ('::');
