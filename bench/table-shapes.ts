/**
 * Tables of the shapes that the ways of reading differ in, by name; `scale` 1 takes a second or so of the processor
 * each.
 */
export function tableShapes(scale: number): Readonly<Record<string, string>> {
  const rows = (count: number) =>
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n " +
    `WHERE i < ${Math.max(1, Math.round(count * scale))})`;
  const pairs = Array.from({ length: 150 }, (_, index) => index);
  return {
    "narrow-integers":
      `CREATE TABLE t(id INTEGER PRIMARY KEY, a INTEGER, b INTEGER, c INTEGER); ${rows(200_000)} INSERT INTO t ` +
      "SELECT i, i * 7, i % 100, -i FROM n",
    "wide-text":
      `CREATE TABLE t(id INTEGER PRIMARY KEY, body TEXT); ${rows(10_000)} INSERT INTO t ` +
      "SELECT i, replace(hex(zeroblob(150)), '00', 'some words ' || i || ' ') FROM n",
    reals:
      `CREATE TABLE t(id INTEGER PRIMARY KEY, a REAL, b NUMERIC, c DECIMAL(12, 2)); ${rows(60_000)} ` +
      "INSERT INTO t SELECT i, i / 7.0, i * 1.25, i / 100.0 FROM n",
    "small-blobs":
      `CREATE TABLE t(id INTEGER PRIMARY KEY, b BLOB); ${rows(100_000)} INSERT INTO t SELECT i, randomblob(64) ` +
      "FROM n",
    "without-rowid":
      `CREATE TABLE t(k TEXT PRIMARY KEY, a INTEGER, b TEXT) WITHOUT ROWID; ${rows(100_000)} INSERT INTO t ` +
      "SELECT 'key ' || i, i, 'value ' || i FROM n",
    "without-rowid-wide":
      `CREATE TABLE t(k TEXT PRIMARY KEY, body TEXT) WITHOUT ROWID; ${rows(10_000)} INSERT INTO t ` +
      "SELECT 'key ' || i, replace(hex(zeroblob(150)), '00', 'some words ' || i || ' ') FROM n",
    "without-rowid-blobs":
      `CREATE TABLE t(k TEXT PRIMARY KEY, b BLOB) WITHOUT ROWID; ${rows(1_500)} INSERT INTO t ` +
      "SELECT 'key ' || i, randomblob(20000) FROM n",
    "virtual-columns":
      `CREATE TABLE t(id INTEGER PRIMARY KEY, a INTEGER, b TEXT, c AS (a * 2)); ${rows(80_000)} ` +
      "INSERT INTO t(id, a, b) SELECT i, i, 'value ' || i FROM n",
    "300-columns":
      "CREATE TABLE t(id INTEGER PRIMARY KEY, " +
      `${pairs.map((index) => `a${index} INTEGER, b${index} TEXT`).join(", ")}); ${rows(1_500)} INSERT INTO t ` +
      `SELECT i, ${pairs.map((index) => `i * ${index}, 'value ' || i`).join(", ")} FROM n`,
    "tiny-tables": Array.from(
      { length: Math.round(250 * scale) },
      (_, index) =>
        `CREATE TABLE t${index}(id INTEGER PRIMARY KEY, v TEXT, n INTEGER); INSERT INTO t${index} ` +
        "VALUES (1, 'one', 1), (2, 'two', 2)",
    ).join(";\n"),
    "large-blobs":
      `CREATE TABLE t(id INTEGER PRIMARY KEY, b BLOB); ${rows(30)} INSERT INTO t SELECT i, randomblob(1000000) ` +
      "FROM n",
    "enhanced-addresses":
      `CREATE TABLE t(id INTEGER PRIMARY KEY, a TEXT, n INTEGER, s TEXT); ${rows(100_000)} INSERT INTO t ` +
      "SELECT i, '10.' || (i % 250) || '.' || (i % 200) || '.' || (i % 99), i, 'value ' || i FROM n",
    "odd-values":
      `CREATE TABLE t(id INTEGER PRIMARY KEY, at DATETIME, n NUMERIC, b BOOLEAN); ${rows(60_000)} INSERT INTO t ` +
      "SELECT i, CASE WHEN i % 500 = 0 THEN '2024-01-02T03:04:05+02:00' " +
      "ELSE datetime(1700000000 + i, 'unixepoch') END, CASE WHEN i % 700 = 0 THEN 1e20 ELSE i END, i % 2 FROM n",
  };
}
