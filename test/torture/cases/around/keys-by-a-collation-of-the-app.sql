-- Drupal: every table is keyed by texts under NOCASE_UTF8, a collation that only the application has; Android: UNIQUE under LOCALIZED
-- expect: arrives
-- finding: COLLATION_UNKNOWN config
-- during: UPDATE channel SET country = 'CH' WHERE id = 2; INSERT INTO channel(id, name) VALUES (4, 'd')
CREATE TABLE config(collection VARCHAR(255) NOT NULL DEFAULT '', name VARCHAR(255) NOT NULL DEFAULT '', data BLOB DEFAULT NULL, PRIMARY KEY (collection, name));
INSERT INTO config VALUES ('', 'system.site', 'a:1:{s:4:"name";s:1:"x";}'), ('', 'System.Site', x'00'), ('language.de', 'system.site', NULL);
CREATE TABLE channel(id INTEGER PRIMARY KEY, name TEXT, country TEXT, created TIMESTAMP DEFAULT current_timestamp);
INSERT INTO channel VALUES (1, 'a', 'DE', '2024-03-01 10:00:00'), (2, 'Ä', NULL, '2024-03-01 10:00:00'), (3, 'ä', NULL, '2024-03-01 10:00:00');
PRAGMA writable_schema = ON;
UPDATE sqlite_schema SET sql = 'CREATE TABLE config(collection VARCHAR(255) COLLATE NOCASE_UTF8 NOT NULL DEFAULT '''', name VARCHAR(255) COLLATE NOCASE_UTF8 NOT NULL DEFAULT '''', data BLOB DEFAULT NULL, PRIMARY KEY (collection, name))' WHERE name = 'config';
UPDATE sqlite_schema SET sql = 'CREATE TABLE channel(id INTEGER PRIMARY KEY, name TEXT COLLATE LOCALIZED, country TEXT, created TIMESTAMP DEFAULT current_timestamp)' WHERE name = 'channel';
PRAGMA writable_schema = RESET;
