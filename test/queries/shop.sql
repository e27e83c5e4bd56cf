CREATE TABLE users(
  id INTEGER PRIMARY KEY,
  email TEXT NOT NULL UNIQUE,
  name TEXT,
  nick TEXT COLLATE NOCASE,
  active BOOLEAN NOT NULL DEFAULT 1,
  score REAL,
  logins INTEGER NOT NULL DEFAULT 0,
  created_at DATETIME DEFAULT CURRENT_TIMESTAMP,
  birthday DATE,
  avatar BLOB,
  settings JSON
);
INSERT INTO users(id, email, name, nick, active, score, logins, created_at, birthday, avatar, settings) VALUES
  (1, 'ann@example.org', 'Ann', 'annie', 1, 1.5, 10, '2024-01-01 10:00:00', '1990-02-03', x'00ff', '{"theme":"dark","n":1}'),
  (2, 'BOB@example.org', 'bob', 'BOBBY', 0, NULL, 0, '2024-02-01 11:30:00', NULL, NULL, '{"theme":"light","n":2}'),
  (3, 'cid@example.org', NULL, NULL, 1, -2.25, 3, '2024-03-01 00:00:00', '2001-12-31', x'', NULL),
  (4, 'élan@example.org', 'Élan', 'Elan ', 1, 0.1, 7, '2023-12-31 23:59:59', '1985-06-15', x'616263', '{"theme":null}'),
  (5, 'a_b@example.org', 'a_b%', 'a\b', 0, 100.0, 2, '2024-01-15 08:00:00', '1990-02-03', NULL, '{}');
CREATE TABLE orders(
  id INTEGER PRIMARY KEY,
  user_id INTEGER NOT NULL REFERENCES users(id),
  state TEXT NOT NULL DEFAULT 'new',
  total REAL NOT NULL,
  quantity INTEGER,
  note TEXT
);
INSERT INTO orders VALUES
  (1, 1, 'paid', 10.5, 2, 'first'), (2, 1, 'new', 20.0, NULL, NULL), (3, 2, 'paid', 5.25, 1, 'x'),
  (4, 3, 'void', 0.0, 0, ''), (5, 1, 'paid', 99.99, 10, 'last'), (6, 4, 'new', 7.0, 3, 'ANN');
CREATE INDEX orders_by_user ON orders(user_id);
CREATE TABLE tags(name TEXT PRIMARY KEY, uses INTEGER NOT NULL DEFAULT 0, color TEXT) WITHOUT ROWID;
INSERT INTO tags VALUES ('red', 3, '#f00'), ('Blue', 1, '#00f'), ('green', 0, NULL);
CREATE TABLE order_tags(order_id INTEGER NOT NULL, tag TEXT NOT NULL, PRIMARY KEY(order_id, tag));
INSERT INTO order_tags VALUES (1, 'red'), (1, 'Blue'), (3, 'red'), (5, 'green');
CREATE TABLE settings(key TEXT PRIMARY KEY, value TEXT, updated INTEGER DEFAULT (unixepoch()));
INSERT INTO settings VALUES ('lang', 'en', 1700000000), ('tz', 'UTC', 1700000001);
CREATE TABLE two_keys(id INTEGER PRIMARY KEY, a TEXT UNIQUE, b TEXT UNIQUE);
INSERT INTO two_keys VALUES (1, 'a1', 'b1'), (2, 'a2', 'b2');
CREATE TABLE logs(message TEXT, level INTEGER);
INSERT INTO logs VALUES ('started', 1), ('failed', 3), ('stopped', 1);
CREATE VIEW paid AS SELECT id, user_id, total FROM orders WHERE state = 'paid';
