import { describe, expect, it } from "vitest";
import { writeRules } from "../../src/cli/write-rules.ts";
import { openMigration } from "../../src/migration.ts";
import type { Rules } from "../../src/model/rules.ts";
import { compactDateOf } from "../../src/rows/compact-date.ts";
import { sqliteFile, temporaryDirectory } from "../support/source.ts";

async function validated(schema: string, rules: Rules, types: "plain" | "enhanced" = "plain") {
  const { path } = await sqliteFile(schema);
  const cwd = temporaryDirectory();
  const migration = openMigration({
    source: path,
    target: "postgres://nowhere",
    types,
    rules,
    migrationsDirectory: `${cwd}/migrations`,
  });
  const { findings } = await migration.validate({ target: false });
  await migration.close();
  return { findings, path, written: writeRules(findings, { file: `${cwd}/changeover.config.json` }) };
}

const column = (rule: object): Rules => ({ tables: { t: { columns: { at: rule } } } });
const MANY = "WITH RECURSIVE s(v) AS (SELECT 1 UNION ALL SELECT v + 1 FROM s WHERE v < 40)";

describe("rules that validate offers", () => {
  it.each([
    ["TEXT", "'202401311230'"],
    ["DATETIME", "202401311230"],
    ["BLOB", "CAST('20240131123000' AS BLOB)"],
  ])("read dates in digits in a %s column first, in place of setting every row aside", async (type, value) => {
    const { findings, written } = await validated(
      `CREATE TABLE t(id INTEGER PRIMARY KEY, at ${type}); ${MANY} INSERT INTO t SELECT v, ${value} FROM s`,
      column({ type: "timestamp" }),
    );
    const [finding] = findings.filter(({ code }) => code === "VALUE_NOT_CONVERTIBLE");
    expect(finding?.count).toBe(40);
    expect(JSON.stringify(finding?.rules)).not.toContain("quarantine");
    const rule = written.rules.tables?.["t"]?.columns?.["at"];
    expect(rule).toMatchObject({ type: "timestamp", expression: expect.stringContaining("substr") as string });
  });

  it("read them all, as PostgreSQL will", async () => {
    const { path, written } = await validated(
      `CREATE TABLE t(id INTEGER PRIMARY KEY, at TEXT); ${MANY} INSERT INTO t SELECT v, '202401311230' FROM s`,
      column({ type: "timestamp" }),
    );
    const migration = openMigration({
      source: path,
      target: "postgres://nowhere",
      rules: written.rules,
      migrationsDirectory: temporaryDirectory(),
    });
    expect((await migration.validate({ target: false })).findings).toEqual([]);
    await migration.close();
  });

  it("are asked of SQLite however long the expression is", async () => {
    // What Go writes: the rule's expression, written out at each mention of the value, overflowed SQLite's parser.
    const { findings } = await validated(
      `CREATE TABLE t(id INTEGER PRIMARY KEY, at TIMESTAMP); ${MANY}
       INSERT INTO t SELECT v, '2023-06-21 17:02:06.347726 +0545 +0545 m=+0.014533293' FROM s`,
      {},
    );
    expect(findings.filter(({ column }) => column === "at")).not.toEqual([]);
  });

  it.each(["TEXT", "DATETIME"])("are not needed for fourteen digits in a %s column", async (type) => {
    const { findings } = await validated(
      `CREATE TABLE t(id INTEGER PRIMARY KEY, at ${type}); ${MANY} INSERT INTO t SELECT v, '20240131123000' FROM s`,
      column({ type: "timestamp" }),
    );
    expect(findings.filter(({ severity }) => severity === "blocking")).toEqual([]);
  });

  it("never set every row aside, nor make NULL of every value", async () => {
    const { findings, written } = await validated(
      `CREATE TABLE t(id INTEGER PRIMARY KEY, at TEXT); ${MANY} INSERT INTO t SELECT v, 'yesterday' FROM s`,
      column({ type: "timestamp" }),
    );
    const [finding] = findings.filter(({ code }) => code === "VALUE_NOT_CONVERTIBLE");
    expect(finding?.rules?.map(({ description }) => description)).toEqual([
      "text, which keeps all numbers and texts as they are",
    ]);
    expect(written.rules).toEqual(column({ type: "text" }));
  });

  it("say how many rows they quarantine, where that is some", async () => {
    const { findings } = await validated(
      `CREATE TABLE t(id INTEGER PRIMARY KEY, at TEXT); ${MANY} INSERT INTO t SELECT v, CASE WHEN v > 3 ` +
        "THEN '2024-01-31' ELSE 'never' END FROM s",
      column({ type: "timestamp" }),
    );
    const [finding] = findings.filter(({ code }) => code === "VALUE_NOT_CONVERTIBLE");
    expect(finding?.rules?.map(({ rejected }) => rejected)).toEqual([3, 3, undefined]);
  });

  it("do not take dates in digits for milliseconds in the year 2611", async () => {
    const { findings } = await validated(
      `CREATE TABLE t(id INTEGER PRIMARY KEY, at DATETIME); ${MANY} INSERT INTO t SELECT v, 20240131123000 + v FROM s`,
      {},
      "enhanced",
    );
    expect(findings.map(({ code, rules = [] }) => [code, rules[0]?.description])).toEqual([
      ["DATE_AS_NUMBER", "timestamp; fourteen digits, as in 20240131123000, are read as a date and time"],
    ]);
  });
});

describe("numbers in date columns", () => {
  const columns = (
    findings: readonly { code: string; column?: string; rules?: readonly { description: string }[] }[],
  ) => findings.map(({ code, column, rules = [] }) => `${code} ${column ?? ""}: ${rules[0]?.description ?? "no rule"}`);

  it.each([
    ["694224000 + v * 86400", "timestamptz; read as seconds since 2001 (Core Data), they lie in 2023"],
    ["13353760800000000 + v", "timestamptz; read as microseconds since 1601 (WebKit, Chrome), they lie in 2024"],
    [
      "133508304000000000 + v",
      "timestamptz; read as tenths of a microsecond since 1601 (Windows FILETIME), they lie in 2024",
    ],
    [
      "638423010000000000 + v",
      "timestamp; read as ticks of .NET, tenths of a microsecond since the year 1, they lie in 2024",
    ],
    ["3789549000 + v", "timestamp; read as seconds since 1904 (HFS), they lie in 2024"],
    ["3915693000 + v", "timestamptz; read as seconds since 1900 (NTP), they lie in 2024"],
    ["1706704200000000000 + v", "timestamptz; read as nanoseconds since 1970, they lie in 2024"],
    ["45322.5 + v", "timestamp; read as days since 1899-12-30 (OLE, Excel), they lie in 2024"],
    ["2024013112", "timestamp; ten digits, as in 2024013112, are read as a date and time"],
    ["202401311230", "timestamp; twelve digits, as in 202401311230, are read as a date and time"],
    ["20240131123000123", "timestamp; seventeen digits, as in 20240131123000123, are read as a date and time"],
  ])(
    "stay numbers where they count from elsewhere, and the rule that reads %s is offered first",
    async (value, rule) => {
      const { findings } = await validated(
        `CREATE TABLE t(id INTEGER PRIMARY KEY, at TIMESTAMP); ${MANY} INSERT INTO t SELECT v, ${value} FROM s`,
        {},
        "enhanced",
      );
      expect(columns(findings)).toEqual([`DATE_AS_NUMBER at: ${rule}`]);
    },
  );

  it("stay numbers where the database's other dates lie elsewhere", async () => {
    const rows = (at: string) =>
      `CREATE TABLE t(id INTEGER PRIMARY KEY, seen DATETIME, at DATETIME); ${MANY} INSERT INTO t ` +
      `SELECT v, '2024-01-31 10:00:00', ${at} + v FROM s`;
    // Read as seconds since 1970 in 2014; of GPS, in 2024.
    const { findings } = await validated(rows("1390739418"), {}, "enhanced");
    expect(findings.map(({ code, column: at }) => `${code} ${at}`)).toEqual(["DATE_AS_NUMBER at"]);
    expect(findings[0]?.rules?.map(({ description }) => description)).toEqual([
      "timestamp; read as seconds since 1980 (GPS, ahead of UTC by its leap seconds), they lie in 2024",
      "timestamptz; read as seconds since 1970, they lie in 2014",
      "timestamptz; read as seconds since 2001 (Core Data), they lie in 2045",
    ]);
    expect((await validated(rows("1706704200"), {}, "enhanced")).findings).toEqual([]);
  });

  it("are asked about where only a name says that they are dates, and not where it names something else", async () => {
    const { findings } = await validated(
      "CREATE TABLE t(id INTEGER PRIMARY KEY, created_at INTEGER, created_by INTEGER, " +
        `depends_on INTEGER, elapsed_time INTEGER); ${MANY} INSERT INTO t SELECT v, 1706704200 + v, ` +
        "1706704200 + v, 1706704200 + v, 1706704200 + v FROM s",
      {},
      "enhanced",
    );
    expect(columns(findings)).toEqual([
      "DATE_AS_NUMBER created_at: timestamptz; read as seconds since 1970, they lie in 2024",
    ]);
  });

  it("become no timestamps in a key, nor where a foreign key goes from or to", async () => {
    const { findings } = await validated(
      "CREATE TABLE p(at DATETIME PRIMARY KEY NOT NULL); CREATE TABLE t(id INTEGER PRIMARY KEY, " +
        `at DATETIME REFERENCES p); ${MANY} INSERT INTO p SELECT 1706704200 + v FROM s; INSERT INTO t ` +
        "SELECT at, at FROM p",
      {},
      "enhanced",
    );
    expect(
      findings.map(({ code, table, message }) => `${code} ${table} ${/becomes (\w+)/.exec(message)?.[1]}`),
    ).toEqual(["DATE_AS_NUMBER p bigint", "DATE_AS_NUMBER t bigint"]);
  });
});

it("a number is a date in digits only where all of its parts are", () => {
  expect([20240131123000n, 20240131n].map(compactDateOf)).toEqual(["seconds", "days"]);
  expect([20241331123000n, 20240131126000n, 1700000000000n, 99999999n, -20240131n].map(compactDateOf)).toEqual(
    Array.from({ length: 5 }, () => null),
  );
});
