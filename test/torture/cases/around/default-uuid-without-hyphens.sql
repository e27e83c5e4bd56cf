-- A default that makes version 4 UUIDs of 32 digits without hyphens
-- expect: arrives
-- target: insert into a(v) values ('n') returning length(id) => 32
CREATE TABLE a(id TEXT PRIMARY KEY NOT NULL DEFAULT (lower(hex(randomblob(4)) || hex(randomblob(2)) || '4' || substr(hex(randomblob(2)), 2) || substr('89ab', abs(random()) % 4 + 1, 1) || substr(hex(randomblob(2)), 2) || hex(randomblob(6)))), v TEXT);
INSERT INTO a(v) VALUES ('x');
