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
    ["TEXT", "'20240131123000'"],
    ["DATETIME", "20240131123000"],
    ["BLOB", "CAST('20240131123000' AS BLOB)"],
  ])("read dates of fourteen digits in a %s column first, in place of setting every row aside", async (type, value) => {
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
      `CREATE TABLE t(id INTEGER PRIMARY KEY, at TEXT); ${MANY} INSERT INTO t SELECT v, '20240131123000' FROM s`,
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
      `CREATE TABLE t(id INTEGER PRIMARY KEY, at TEXT); ${MANY} INSERT INTO t SELECT v, CASE WHEN v > 3 THEN '2024-01-31' ELSE 'never' END FROM s`,
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

it("a number is a date in digits only where all of its parts are", () => {
  expect([20240131123000n, 20240131n].map(compactDateOf)).toEqual(["seconds", "days"]);
  expect([20241331123000n, 20240131126000n, 1700000000000n, 99999999n, -20240131n].map(compactDateOf)).toEqual(
    Array.from({ length: 5 }, () => null),
  );
});
