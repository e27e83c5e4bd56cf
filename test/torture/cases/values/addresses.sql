-- IPv4 and IPv6 addresses, with leading zeros, too large, with a mask, with a zone; MAC addresses
-- expect: arrives
-- types: plain, enhanced
-- target: select ip::text from t where id in (2, 3) order by id => 010.001.000.008 ; 256.1.1.1
CREATE TABLE t(id INTEGER PRIMARY KEY, ip TEXT, mac TEXT);
INSERT INTO t VALUES (1, '10.1.0.8', '08:00:2b:01:02:03'), (2, '010.001.000.008', '08002B:010203'), (3, '256.1.1.1', '08-00-2b-01-02-03'), (4, '::1', NULL), (5, '10.0.0.0/8', 'zz'), (6, 'fe80::1%eth0', ''), (7, '::ffff:10.1.2.3', '0800.2b01.0203');
