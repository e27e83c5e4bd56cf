/** Values at the borders of what types take, as SQL literals of SQLite. */
const TEXTS = [
  "",
  " ",
  "x",
  "abcdef",
  "12",
  "1.5",
  "1e3",
  "true",
  "t",
  "0",
  "null",
  '{"a":1}',
  "{'a':1}",
  "[1,]",
  '"\\u0000"',
  '"\\\\u0000"',
  '"\\ud83d\\ude00"',
  '"\\ud83d"',
  '"\\ude00"',
  '{"\\ud83d\\ude00":"\\udE00"}',
].concat(
  [
    "0b3c4d5e-1111-4222-8333-444444444444",
    "0B3C4D5E111142228333444444444444",
    "0b3c4d5e-1111-4222-8333-44444444444g",
    "0b3c4d5e-1111-4222-8333-4444444444",
    "0b3c4d5e11114222833-44444444444-",
  ],
  [
    "10.0.0.1",
    "10.0.0.256",
    "10.0.0",
    "10.0.0.1/24",
    "10.0.0.1/33",
    "10.0.0.1/",
    "::",
    "::1",
    "fe80::1/64",
    "fe80::1/129",
    "::ffff:1.2.3.4",
    "1:2:3:4:5:6:7:8",
    "1:2:3:4:5:6:7",
    "1::2::3",
    "12345::",
    ":1",
    "1.2.3.4.5",
  ],
  [
    "2024-02-29",
    "2024-02-30",
    "0000-00-00",
    "2024-02-29 10:00",
    "2024-02-29T10:00:00",
    "2024-02-29 10:00:00.123456",
    "2024-02-29 10:00:00.1234567",
    "2024-02-29 10:00:00Z",
    "2024-02-29 10:00:00+02:00",
    "2024-02-29 10:00:00+16:00",
    "1/10/1997",
    "10:00",
    "10:00:00.5",
    "24:00:00",
    "25:00",
  ],
);
const NUMBERS = [
  "0",
  "1",
  "2",
  "-1",
  "32767",
  "32768",
  "2147483647",
  "-2147483649",
  "9007199254740993",
  "1.5",
  "3.0",
  "1.25",
  "99999.99",
  "100000.0",
  "-100000",
  "9e999",
];
const BLOBS = ["x''", "x'61'", "x'0b3c4d5e111142228333444444444444'"];

export const AWKWARD_VALUES: readonly string[] = [
  ...TEXTS.map((text) => `'${text.replaceAll("'", "''")}'`),
  ...NUMBERS,
  ...BLOBS,
];

export const AWKWARD_TYPES: readonly string[] = [
  "smallint",
  "integer",
  "bigint",
  "double precision",
  "numeric",
  "numeric(7,2)",
  "text",
  "varchar(5)",
  "char(5)",
  "bytea",
  "boolean",
  "date",
  "timestamp",
  "timestamptz",
  "time",
  "json",
  "jsonb",
  "uuid",
  "inet",
];

/** A column for each kind of finding about values, and keys that PostgreSQL would take for one. */
export const AWKWARD_TABLES = `
  CREATE TABLE m (id INTEGER PRIMARY KEY, mixed INTEGER, blobint, txtblob TEXT, nul TEXT, inv TEXT, nulnum, empty INTEGER, flag BOOLEAN, word BOOLEAN, dec DECIMAL(6,2), vc VARCHAR(5),
    d DATE, dt DATETIME, zoned DATETIME, fine DATETIME, jd DATETIME, ep DATETIME, j JSON, js JSON, u UUID, t TIME, ip INET);
  WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 40)
  INSERT INTO m SELECT i, iif(i % 7 = 0, 'x' || i, i), iif(i = 13, x'00ff', i), iif(i % 9 = 0, x'41', 'a' || i), iif(i = 9, CAST(x'610062' AS TEXT), 'n' || i), iif(i = 11, CAST(x'c3' AS TEXT), 'n' || i),
    iif(i = 3, CAST(x'6100' AS TEXT), i), iif(i % 10 = 0, '', i), iif(i = 6, 2, i % 2), iif(i % 2, 'true', 'maybe'), i + 0.125 * (i % 3), 'abcdefgh',
    CASE i WHEN 1 THEN '2024-02-30' WHEN 2 THEN '0000-00-00' ELSE date('2024-01-01', '+' || i || ' days') END,
    CASE i WHEN 1 THEN 1700000000 WHEN 2 THEN 1700000000123 WHEN 3 THEN 2459000.5 WHEN 4 THEN '' WHEN 5 THEN '13/01/2024' WHEN 6 THEN 20240101 ELSE datetime('2024-01-01', '+' || i || ' minutes') END,
    iif(i % 2, '2024-01-01T10:00:00Z', '2024-01-01 10:00:00'), iif(i = 1, '2024-01-01 10:00:00.123456789+02:00', '2024-01-01 10:00:00Z'), 2459000.5 + i, 1700000000000 + i,
    iif(i = 1, '{a}', '{}'), iif(i = 1, '"\\u0000"', '{}'), iif(i = 1, 'nope', printf('%08x-1111-4222-8333-444444444444', i)), iif(i = 1, '25:00', '10:00:00'), iif(i = 1, '1.2.3', '10.0.0.' || i) FROM n;
  CREATE TABLE k (k PRIMARY KEY); INSERT INTO k VALUES (1), ('1');
  CREATE TABLE k2 (a TEXT, b, UNIQUE (a, b)); INSERT INTO k2 VALUES ('x', 1), ('y', x'01');
`;
