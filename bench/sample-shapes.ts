/** A database to be migrated: what it is like, and the SQL that fills it. */
export interface SampleShape {
  readonly name: string;
  /** For the page. */
  readonly title: string;
  /** Statements for a fraction of the full size, from numbers that follow from the seed. */
  readonly sql: (scale: number, seed: number) => string;
  /** Peers that would take too long are left out, and the page says so. */
  readonly withoutPeers?: string;
}

/** The shapes that people have and samples do not: those in which one program is fast and another slow. */
export const SAMPLE_SHAPES: readonly SampleShape[] = [
  { name: "mixed", title: "mixed: four tables with references, REAL and NUMERIC", sql: mixed },
  { name: "narrow", title: "narrow: five integers a row", sql: narrow },
  { name: "wide", title: "wide: 200 columns, REAL and text", sql: wide },
  { name: "text-keys", title: "text keys: random UUIDs, and references to them", sql: textKeys },
  { name: "composite", title: "composite keys, WITHOUT ROWID", sql: composite },
  { name: "json-times", title: "JSON, dates and timestamps", sql: jsonTimes },
  { name: "blobs", title: "blobs: many of 4 kB, some of 1 MB", sql: blobs },
  {
    name: "tables-1000",
    title: "1,000 tables of 20 rows, an index each",
    sql: (scale, seed) => manyTables(1_000 * scale, seed, { areIndexed: true }),
  },
  {
    name: "tables-10000",
    title: "10,000 tables of 20 rows",
    sql: (scale, seed) => manyTables(10_000 * scale, seed, { areIndexed: false }),
    withoutPeers: "not run: it takes minutes for 1,000",
  },
];

/** Rows numbered from 1, as `n(i)`. */
function rows(count: number, scale: number): string {
  return `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${Math.max(1, Math.round(count * scale))})`;
}

/** An expression from 0 to `below`, other for each row, `salt` and seed. */
function any(seed: number, salt: number, below: number): string {
  const factor = 1_000_003 + 2 * ((seed * 7_919 + salt * 104_729) % 500_000_000);
  return `((i + ${salt}) * ${factor} % 2147483647 % ${below})`;
}

function uuid(seed: number, salt: number): string {
  const part = (offset: number) => any(seed, salt + offset, 2_147_483_647);
  return `printf('%08x-%04x-4%03x-8%03x-%08x%04x', ${part(1)}, ${part(2)} % 65536, ${part(3)} % 4096, ${part(4)} % 4096, ${part(5)}, i % 65536)`;
}

const WORDS = "'the rain in Spain stays mainly in the plain, said the quick brown fox to the lazy dog; '";

function words(seed: number, salt: number, max: number): string {
  return `substr(${WORDS} || ${WORDS}, 1 + ${any(seed, salt, 60)}, 5 + ${any(seed, salt + 1, max)})`;
}

function mixed(scale: number, seed: number): string {
  return `
    CREATE TABLE customers(id INTEGER PRIMARY KEY, email TEXT NOT NULL UNIQUE, name TEXT, credit NUMERIC(12, 2), joined_at DATETIME);
    CREATE TABLE orders(id INTEGER PRIMARY KEY, customer_id INTEGER NOT NULL REFERENCES customers(id), state TEXT, total NUMERIC(12, 2), placed_at DATETIME);
    CREATE INDEX orders_customer ON orders(customer_id);
    CREATE TABLE lines(id INTEGER PRIMARY KEY, order_id INTEGER NOT NULL REFERENCES orders(id), sku TEXT, quantity INTEGER, price REAL);
    CREATE INDEX lines_order ON lines(order_id);
    CREATE TABLE notes(id INTEGER PRIMARY KEY, customer_id INTEGER REFERENCES customers(id), body TEXT);
    ${rows(100_000, scale)} INSERT INTO customers SELECT i, 'c' || i || '@example.org', ${words(seed, 1, 20)}, ${any(seed, 2, 1_000_000)} / 100.0, datetime(1500000000 + ${any(seed, 3, 200_000_000)}, 'unixepoch') FROM n;
    ${rows(400_000, scale)} INSERT INTO orders SELECT i, 1 + ${any(seed, 4, Math.max(1, Math.round(100_000 * scale)))}, substr('new paid sent', 1 + 4 * (i % 3), 4), ${any(seed, 5, 10_000_000)} / 100.0, datetime(1600000000 + i, 'unixepoch') FROM n;
    ${rows(900_000, scale)} INSERT INTO lines SELECT i, 1 + ${any(seed, 6, Math.max(1, Math.round(400_000 * scale)))}, 'sku-' || ${any(seed, 7, 5_000)}, 1 + i % 9, ${any(seed, 8, 1_000_000)} / 97.0 FROM n;
    ${rows(150_000, scale)} INSERT INTO notes SELECT i, 1 + i % ${Math.max(1, Math.round(100_000 * scale))}, ${words(seed, 9, 90)} || ${words(seed, 11, 90)} FROM n;`;
}

function narrow(scale: number, seed: number): string {
  return `
    CREATE TABLE readings(id INTEGER PRIMARY KEY, sensor INTEGER, value INTEGER, flags INTEGER, delta INTEGER);
    ${rows(2_000_000, scale)} INSERT INTO readings SELECT i, ${any(seed, 1, 1_000)}, ${any(seed, 2, 2_000_000_000)}, i % 16, ${any(seed, 3, 20_000)} - 10000 FROM n;`;
}

function wide(scale: number, seed: number): string {
  const pairs = Array.from({ length: 100 }, (_, index) => index);
  return `
    CREATE TABLE survey(id INTEGER PRIMARY KEY, ${pairs.map((index) => `r${index} REAL, t${index} TEXT`).join(", ")});
    ${rows(30_000, scale)} INSERT INTO survey SELECT i, ${pairs.map((index) => `${any(seed, index, 1_000_000)} / 7.0, 'answer ' || (i % ${index + 2})`).join(", ")} FROM n;`;
}

function textKeys(scale: number, seed: number): string {
  return `
    CREATE TABLE accounts(id TEXT PRIMARY KEY NOT NULL, name TEXT, plan TEXT);
    CREATE TABLE sessions(id TEXT PRIMARY KEY NOT NULL, account_id TEXT NOT NULL REFERENCES accounts(id), seen_at INTEGER, agent TEXT);
    CREATE INDEX sessions_account ON sessions(account_id);
    ${rows(150_000, scale)} INSERT INTO accounts SELECT ${uuid(seed, 1)}, ${words(seed, 2, 25)}, substr('free team corp', 1 + 5 * (i % 3), 4) FROM n;
    CREATE TEMP TABLE numbered AS SELECT row_number() OVER (ORDER BY id) AS at, id FROM accounts;
    CREATE UNIQUE INDEX temp.numbered_at ON numbered(at);
    ${rows(500_000, scale)} INSERT INTO sessions SELECT ${uuid(seed, 50)}, (SELECT id FROM numbered WHERE at = 1 + n.i % ${Math.max(1, Math.round(150_000 * scale))}), 1700000000 + i, ${words(seed, 60, 60)} FROM n;
    DROP TABLE numbered;`;
}

function composite(scale: number, seed: number): string {
  return `
    CREATE TABLE ledger(account TEXT NOT NULL, number INTEGER NOT NULL, amount INTEGER NOT NULL, note TEXT, PRIMARY KEY(account, number)) WITHOUT ROWID;
    CREATE TABLE membership(team INTEGER NOT NULL, person INTEGER NOT NULL, role TEXT, since TEXT, PRIMARY KEY(team, person)) WITHOUT ROWID;
    CREATE TABLE positions(book TEXT NOT NULL, line INTEGER NOT NULL, text TEXT, PRIMARY KEY(book, line));
    ${rows(400_000, scale)} INSERT INTO ledger SELECT 'acct-' || (i % 5000), i, ${any(seed, 1, 1_000_000)}, ${words(seed, 2, 30)} FROM n;
    ${rows(400_000, scale)} INSERT INTO membership SELECT i % 2000, i, substr('guest admin', 1 + 6 * (i % 2), 5), date(1600000000 + ${any(seed, 3, 90_000_000)}, 'unixepoch') FROM n;
    ${rows(250_000, scale)} INSERT INTO positions SELECT 'book ' || (i % 700), i, ${words(seed, 4, 70)} FROM n;`;
}

function jsonTimes(scale: number, seed: number): string {
  return `
    CREATE TABLE events(id INTEGER PRIMARY KEY, at TIMESTAMP NOT NULL, day DATE, sent_at DATETIME, payload JSON NOT NULL);
    CREATE INDEX events_at ON events(at);
    ${rows(500_000, scale)} INSERT INTO events SELECT i, strftime('%Y-%m-%dT%H:%M:%S', 1600000000 + i, 'unixepoch') || printf('.%03dZ', i % 1000),
      date(1500000000 + ${any(seed, 1, 200_000_000)}, 'unixepoch'), datetime(1600000000 + ${any(seed, 2, 90_000_000)}, 'unixepoch'),
      json_object('kind', 'k' || (i % 20), 'n', ${any(seed, 3, 100_000)}, 'tags', json_array('a', i % 7), 'note', ${words(seed, 4, 40)}) FROM n;`;
}

function blobs(scale: number, seed: number): string {
  // randomblob has no seed: the content follows from a number, the size of each is that of the plan.
  return `
    CREATE TABLE thumbnails(id INTEGER PRIMARY KEY, name TEXT, content BLOB NOT NULL);
    CREATE TABLE files(id INTEGER PRIMARY KEY, name TEXT, content BLOB NOT NULL);
    ${rows(20_000, scale)} INSERT INTO thumbnails SELECT i, 'thumbnail ' || i, CAST(replace(hex(zeroblob(256)), '00', printf('%08x%08x', ${any(seed, 1, 2_147_483_647)}, i)) AS BLOB) FROM n;
    ${rows(60, scale)} INSERT INTO files SELECT i, 'file ' || i, CAST(replace(hex(zeroblob(62500)), '00', printf('%08x%08x', ${any(seed, 2, 2_147_483_647)}, i)) AS BLOB) FROM n;`;
}

function manyTables(count: number, seed: number, { areIndexed }: { readonly areIndexed: boolean }): string {
  return Array.from(
    { length: Math.max(1, Math.round(count)) },
    (_, index) => `
    CREATE TABLE t${index}(id INTEGER PRIMARY KEY, name TEXT NOT NULL, amount INTEGER, at DATETIME);
    ${areIndexed ? `CREATE INDEX t${index}_name ON t${index}(name);` : ""}
    ${rows(20, 1)} INSERT INTO t${index} SELECT i, 'name ' || ${any(seed, index, 1_000)}, ${any(seed, index + 1, 1_000_000)}, datetime(1600000000 + i, 'unixepoch') FROM n;`,
  ).join("");
}
