-- PRIMARY KEY ON CONFLICT REPLACE: the same INSERT fails after the switch
-- expect: arrives
-- finding: ON_CONFLICT_NOT_TRANSLATED setting.name
CREATE TABLE setting(name TEXT NOT NULL PRIMARY KEY ON CONFLICT REPLACE, value TEXT);
INSERT INTO setting VALUES ('a', '1');
