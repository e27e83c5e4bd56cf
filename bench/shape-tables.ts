/** One database of the bench: the statements that fill it. */
export interface ShapeTables {
  readonly name: string;
  readonly sql: string;
}

export interface ShapeOptions {
  /** 1 is the size of the published figures. */
  readonly scale: number;
  /** Other values for another seed, of the same kinds and sizes. */
  readonly seed: number;
}

/** Tables of the shapes in which migrations differ in speed. All values follow from the seed. */
export function shapeTables({ scale, seed }: ShapeOptions): ShapeTables[] {
  const draw = (place: number) => drawn(seed, place);
  return [
    { name: "narrow-reals", sql: narrowReals(rowsOf(2_000_000, scale), draw) },
    { name: "narrow-integers", sql: narrowIntegers(rowsOf(2_000_000, scale), draw) },
    { name: "mixed", sql: mixed(rowsOf(300_000, scale), draw) },
    { name: "wide", sql: wide(rowsOf(30_000, scale), draw) },
    { name: "json-and-times", sql: jsonAndTimes(rowsOf(200_000, scale), draw) },
    { name: "text-keys", sql: textKeys(rowsOf(400_000, scale), draw) },
    { name: "without-rowid", sql: withoutRowid(rowsOf(400_000, scale), draw) },
    { name: "blobs", sql: blobs(rowsOf(150_000, scale), draw) },
  ];
}

/** SQLite expression: a number from 0 to 2^24 - 1 for the row `i`. */
type Draw = (place: number) => string;

function drawn(seed: number, place: number): string {
  const mixed = `((i+${place * 104_729 + (seed % 1_000_003)})*2654435761&4294967295)`;
  return `((${mixed}*40503+${place})>>9&16777215)`;
}

function rowsOf(count: number, scale: number): string {
  const rows = Math.max(1, Math.round(count * scale));
  return `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<${rows})`;
}

function narrowReals(rows: string, draw: Draw): string {
  return `CREATE TABLE readings(id INTEGER PRIMARY KEY, sensor INTEGER NOT NULL, n INTEGER, x REAL NOT NULL, y REAL);
    ${rows} INSERT INTO readings SELECT i, ${draw(1)}%500, ${draw(2)}, ${draw(3)}/1000.0,
      CASE WHEN ${draw(4)}%20 THEN ${draw(5)}/16777216.0-0.5 END FROM n;`;
}

function narrowIntegers(rows: string, draw: Draw): string {
  return `CREATE TABLE counts(id INTEGER PRIMARY KEY, a INTEGER NOT NULL, b INTEGER, c INTEGER, d INTEGER NOT NULL);
    ${rows} INSERT INTO counts SELECT i, ${draw(1)}, -${draw(2)}%1000,
      CASE WHEN ${draw(3)}%9 THEN i END, ${draw(4)}%7 FROM n;`;
}

function mixed(rows: string, draw: Draw): string {
  return `CREATE TABLE orders(id INTEGER PRIMARY KEY, customer INTEGER NOT NULL, name TEXT NOT NULL, email TEXT,
      price REAL NOT NULL, amount NUMERIC, discount DECIMAL(10, 2), quantity INTEGER, active BOOLEAN NOT NULL,
      created_at DATETIME NOT NULL, day DATE, note TEXT);
    CREATE INDEX orders_customer ON orders(customer); CREATE INDEX orders_created ON orders(created_at);
    ${rows} INSERT INTO orders SELECT i, ${draw(1)}%20000, 'customer '||${draw(2)},
      CASE WHEN ${draw(3)}%10 THEN 'user'||${draw(3)}||'@example.org' END, (${draw(4)}%100000)/100.0,
      (${draw(5)}%1000000)/100.0, (${draw(6)}%10000)/100.0, ${draw(7)}%50, ${draw(8)}%2,
      datetime(1600000000+i*7, 'unixepoch'), date(1600000000+${draw(9)}*4, 'unixepoch'),
      CASE WHEN ${draw(10)}%3 THEN 'a note with some words '||hex(${draw(10)}) END FROM n;`;
}

const WIDE_COLUMNS = 200;

function wide(rows: string, draw: Draw): string {
  const places = Array.from({ length: WIDE_COLUMNS - 1 }, (_, place) => place);
  const columns = places.map((place) => `c${place} ${place % 2 === 0 ? "REAL" : "TEXT"}`);
  const values = places.map((place) => (place % 2 === 0 ? `${draw(place)}/128.0` : `'text '||${draw(place)}`));
  return `CREATE TABLE survey(id INTEGER PRIMARY KEY, ${columns.join(", ")});
    ${rows} INSERT INTO survey SELECT i, ${values.join(", ")} FROM n;`;
}

function jsonAndTimes(rows: string, draw: Draw): string {
  const at = `1600000000+${draw(1)}`;
  const zone = `CASE ${draw(2)}%4 WHEN 0 THEN 'Z' WHEN 1 THEN '+00:00' WHEN 2 THEN '+02:00' ELSE '-05:30' END`;
  return `CREATE TABLE events(id INTEGER PRIMARY KEY, payload JSON NOT NULL, tags JSON, plain DATETIME NOT NULL,
      millis DATETIME, utc DATETIME, zoned DATETIME, seconds TIMESTAMP, epoch_ms TIMESTAMP);
    ${rows} INSERT INTO events SELECT i,
      json_object('kind', 'event '||${draw(3)}%20, 'amount', ${draw(4)}/100.0,
        'user', json_object('id', ${draw(5)}, 'name', 'näme '||i), 'ok', json('true')),
      CASE WHEN ${draw(6)}%3 THEN json_array('a', ${draw(6)}, NULL) END, datetime(${at}, 'unixepoch'),
      strftime('%Y-%m-%dT%H:%M:%S', ${at}, 'unixepoch')||'.'||printf('%03d', ${draw(7)}%1000),
      strftime('%Y-%m-%dT%H:%M:%S', ${at}, 'unixepoch')||'.'||printf('%03d', ${draw(8)}%1000)||'Z',
      strftime('%Y-%m-%d %H:%M:%S', ${at}, 'unixepoch')||${zone}, ${at}, (${at})*1000+${draw(9)}%1000 FROM n;`;
}

function textKeys(rows: string, draw: Draw): string {
  const uuid = (place: number) =>
    `lower(printf('%08x-%04x-4%03x-8%03x-%06x%06x', ${draw(place)}*251&4294967295, ${draw(place + 1)}&65535, ` +
    `${draw(place + 2)}&4095, ${draw(place + 3)}&4095, ${draw(place + 4)}, i))`;
  return `CREATE TABLE sessions(id TEXT PRIMARY KEY, account TEXT NOT NULL, hits INTEGER, score REAL);
    ${rows} INSERT INTO sessions SELECT ${uuid(1)}, ${uuid(11)}, ${draw(7)}%100, ${draw(8)}/7.0 FROM n;`;
}

function withoutRowid(rows: string, draw: Draw): string {
  return `CREATE TABLE stock(shop INTEGER NOT NULL, sku TEXT NOT NULL, n INTEGER, price REAL, note TEXT,
      PRIMARY KEY(shop, sku)) WITHOUT ROWID;
    ${rows} INSERT INTO stock SELECT i%97, 'sku-'||i, ${draw(1)}%100, ${draw(2)}/100.0,
      CASE WHEN ${draw(3)}%2 THEN 'note '||${draw(3)} END FROM n ORDER BY 1, 2;`;
}

function blobs(rows: string, draw: Draw): string {
  const bytes = (place: number) =>
    `unhex(printf('%06x%06x%06x%06x', ${draw(place)}, ${draw(place + 1)}, ${draw(place + 2)}, i&16777215))`;
  const large = `CAST(replace(hex(zeroblob(40+i%60)), '00', printf('%06x%06x', ${draw(9)}, ${draw(10)})) AS BLOB)`;
  return `CREATE TABLE files(id INTEGER PRIMARY KEY, digest BLOB NOT NULL, body BLOB, size INTEGER);
    ${rows} INSERT INTO files SELECT i, ${bytes(1)}, CASE WHEN ${draw(8)}%10 THEN ${large} END, ${draw(5)} FROM n;`;
}
