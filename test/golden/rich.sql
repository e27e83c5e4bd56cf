CREATE TABLE "Order Details" (
  "orderId" INTEGER NOT NULL REFERENCES "order" ON DELETE CASCADE ON UPDATE CASCADE,
  line INTEGER NOT NULL,
  article TEXT COLLATE NOCASE,
  parent INTEGER,
  parentLine INTEGER,
  quantity INTEGER NOT NULL DEFAULT 1 CHECK (quantity BETWEEN 1 AND 999),
  unit_price DECIMAL(10,2) NOT NULL DEFAULT 0.00,
  discount REAL DEFAULT (0.1 + 0.2) CONSTRAINT "sane discount" CHECK (discount >= 0 AND discount < 1),
  total REAL GENERATED ALWAYS AS (quantity * 2.5) STORED,
  label TEXT AS (article || ' x ' || quantity) VIRTUAL,
  PRIMARY KEY ("orderId", line),
  FOREIGN KEY (parent, parentLine) REFERENCES "Order Details" ("orderId", line) DEFERRABLE INITIALLY DEFERRED,
  CONSTRAINT both_or_none CHECK ((parent IS NULL) = (parentLine IS NULL))
) WITHOUT ROWID;

CREATE TABLE "order" (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  public_id TEXT NOT NULL UNIQUE DEFAULT (lower(hex(randomblob(16)))),
  customer INT REFERENCES customers (id) ON DELETE SET NULL,
  state TEXT NOT NULL DEFAULT "new" CHECK (state IN ('new', 'paid', 'sent') AND typeof(state) = 'text'),
  placed DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP CHECK (placed IS datetime(placed)),
  due DATE DEFAULT (date('now', '+14 days')),
  epoch INTEGER DEFAULT (strftime('%s', 'now')),
  noted INTEGER DEFAULT (unixepoch() * 1000),
  random_seed INTEGER DEFAULT (random()),
  paid BOOLEAN NOT NULL DEFAULT FALSE CHECK (paid IN (0, 1)),
  attributes JSON CHECK (attributes IS NULL OR json_valid(attributes)),
  code TEXT CHECK (code GLOB '[A-Z][A-Z][0-9]*' AND code LIKE '%-%' AND length(trim(code)) > 3),
  flags INTEGER NOT NULL DEFAULT 0 CHECK (flags & 7 = flags),
  picture BLOB DEFAULT x'00ff' CHECK (length(picture) < 1000),
  nix DEFAULT NULL,
  local TEXT DEFAULT (datetime('now', 'localtime'))
);

CREATE TABLE customers (
  id INTEGER PRIMARY KEY,
  email VARCHAR(50) NOT NULL COLLATE NOCASE UNIQUE,
  "E-Mail" TEXT,
  favourite INT REFERENCES "order",
  xmin INTEGER,
  "select" TEXT,
  customerId INTEGER,
  "a_column_with_a_name_that_is_so_long_that_postgresql_would_cut_it_off_1" TEXT,
  "a_column_with_a_name_that_is_so_long_that_postgresql_would_cut_it_off_2" TEXT
);

CREATE TABLE settings (name TEXT PRIMARY KEY, value ANY) STRICT, WITHOUT ROWID;
CREATE TABLE customers_id_seq (x INTEGER, y TEXT CHECK (quote(y) <> '''a'''), CONSTRAINT customers_id_seq_x_key CHECK (x > 0), UNIQUE (x));
CREATE TABLE log (at TEXT, message TEXT);

CREATE INDEX "open#orders" ON "order" (placed DESC, customer) WHERE NOT paid;
CREATE UNIQUE INDEX lower_code ON "order" (lower(code) COLLATE NOCASE) WHERE code IS NOT NULL;
CREATE INDEX by_month ON "order" (strftime('%Y-%m', placed));
CREATE INDEX customer_mail ON customers (email COLLATE NOCASE DESC, "E-Mail");

CREATE VIRTUAL TABLE log_search USING fts5 (message, content='log', tokenize='porter');
CREATE VIRTUAL TABLE notes USING fts5 (title, body, author UNINDEXED);
CREATE VIRTUAL TABLE areas USING rtree (id, minX, maxX, minY, maxY, +name);

CREATE VIEW unpaid AS SELECT o.id, c.email AS "Mail", count(*) AS n FROM "order" o LEFT JOIN customers c ON c.id = o.customer WHERE NOT o.paid GROUP BY o.id, c.email;
CREATE VIEW ages AS SELECT julianday('now') - julianday(placed) AS days FROM "order";
CREATE TRIGGER touched AFTER UPDATE ON customers BEGIN
  UPDATE log SET at = 'x';
END;

INSERT INTO customers (id, email, "select") VALUES (1, 'a@x.org', 's'), (2, 'b@x.org', NULL);
INSERT INTO "order" (id, customer, placed, due, attributes, code) VALUES (1, 1, '2024-01-01 10:00:00', '2024-01-15', '{"a":1}', 'AB1-x'), (2, NULL, '2024-01-02 11:00:00', NULL, NULL, NULL);
INSERT INTO "Order Details" ("orderId", line, article, quantity, unit_price) VALUES (1, 1, 'Pen', 2, 9.99);
INSERT INTO settings VALUES ('a', 1), ('b', 'two');
INSERT INTO notes VALUES ('t', 'b', 'me');
