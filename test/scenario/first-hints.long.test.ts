import { describe, expect, it } from "vitest";
import { writeRules } from "../../src/cli/write-rules.ts";
import { openMigration } from "../../src/migration.ts";
import type { Finding } from "../../src/model/proposal.ts";
import type { Rules } from "../../src/model/rules.ts";
import { sqliteFile, temporaryDirectory } from "../support/source.ts";
import { emptyDatabase, query } from "../support/target.ts";

interface Case {
  readonly code: string;
  readonly source: string;
  /** SQL for the target beforehand. */
  readonly target?: string;
}

const T = "CREATE TABLE t(id INTEGER PRIMARY KEY, x";

/** A case for each finding that blocks and that a database alone can bring about. */
const CASES: readonly Case[] = [
  { code: "MIXED_STORAGE", source: `${T}); INSERT INTO t VALUES (1, 1), (2, x'00'), (3, 'a')` },
  { code: "NUL_IN_TEXT", source: `${T}); INSERT INTO t VALUES (1, 1), (2, 'a' || char(0) || 'b')` },
  { code: "INVALID_UTF8", source: `${T}); INSERT INTO t VALUES (1, 1), (2, CAST(x'ff' AS TEXT))` },
  {
    code: "NO_ROW_IDENTITY",
    source:
      "CREATE TABLE t(rowid, oid, _rowid_); INSERT INTO t VALUES (1, 2, 3); CREATE TABLE u(id INTEGER PRIMARY KEY)",
  },
  {
    code: "KEY_COLLISION",
    source:
      "CREATE TABLE t(x PRIMARY KEY NOT NULL); INSERT INTO t VALUES (1), ('1'); CREATE TABLE u(id INTEGER PRIMARY KEY)",
  },
  {
    code: "UNIQUE_NOT_TRANSLATED",
    source: `${T} TEXT); CREATE UNIQUE INDEX u ON t(soundex_of(x))`.replace("soundex_of(x)", "unicode(x) || quote(x)"),
  },
  {
    code: "VALUE_NOT_CONVERTIBLE",
    source: `${T} INTEGER); INSERT INTO t VALUES (1, 70000), (2, 7)`,
    target: "create table t(id bigint primary key, x smallint)",
  },
  {
    code: "VALUE_NOT_CONVERTIBLE",
    source: `${T} TEXT); INSERT INTO t VALUES (1, 'red'), (2, 'green')`,
    target: "create type color as enum ('red'); create table t(id bigint primary key, x color)",
  },
  {
    code: "VALUE_NOT_CONVERTIBLE",
    source: `${T} TEXT); INSERT INTO t VALUES (1, '$1.50'), (2, '$1.234')`,
    target: "create table t(id bigint primary key, x money)",
  },
  {
    code: "VALUE_NOT_CONVERTIBLE",
    source: `${T} REAL); INSERT INTO t VALUES (1, 1.5), (2, 0.123456789)`,
    target: "create table t(id bigint primary key, x real)",
  },
  {
    code: "VALUE_NOT_CONVERTIBLE",
    source: `${T} DATETIME); INSERT INTO t VALUES (1, 13353760800000000)`,
    target: "create table t(id bigint primary key, x timestamptz)",
  },
  {
    code: "DATE_AS_NUMBER",
    source: `${T} DATETIME); INSERT INTO t VALUES (1, 757382400)`,
    target: "create table t(id bigint primary key, x timestamptz)",
  },
  {
    code: "TARGET_CHECK_REFUSES",
    source: `${T} TEXT); INSERT INTO t VALUES (1, 'abc')`,
    target: "create table t(id bigint primary key, x text check (length(x) < 3))",
  },
  {
    code: "TARGET_NOT_NULL",
    source: `${T} TEXT); INSERT INTO t VALUES (1, NULL)`,
    target: "create table t(id bigint primary key, x text not null)",
  },
  {
    code: "TARGET_COLUMN_REQUIRED",
    source: `${T} TEXT); INSERT INTO t VALUES (1, 'a')`,
    target: 'create table t(id bigint primary key, x text, "Y" text not null)',
  },
  {
    code: "TARGET_NOT_EMPTY",
    source: `${T} TEXT); INSERT INTO t VALUES (1, 'a')`,
    target: "create table t(id bigint primary key, x text); insert into t values (9, 'seed')",
  },
];

/** Does to the letter what the beginning of a hint says. */
async function follow(
  finding: Finding,
  findings: readonly Finding[],
  target: string,
  directory: string,
): Promise<Rules> {
  const { code, hint } = finding;
  if (hint.startsWith("`changeover validate --write-rules`"))
    return writeRules(findings, { file: `${directory}/changeover.config.json` }).rules;
  const excluded = /--exclude (\S+?),/.exec(hint)?.[1];
  if (excluded !== undefined) return { tables: { [excluded]: { exclude: true } } };
  const seeded = /--seeded (truncate|keep|merge)/.exec(hint)?.[1];
  if (seeded !== undefined) return { seeded: seeded as "truncate" };
  if (hint.startsWith(`--accept ${code}`)) return { accept: [code] };
  const statement = /in the target, ((?:ALTER TABLE|TRUNCATE) [^;]+)/.exec(hint)?.[1];
  const altered = /: (ALTER TABLE [^;]+)/.exec(hint)?.[1];
  expect(statement ?? altered, hint).toBeDefined();
  await query(target, statement ?? altered ?? "");
  return {};
}

describe("the first thing that the hint of a blocking finding says", () => {
  it.each(CASES.map((one) => [one.code, one.target ?? "no tables", one] as const))(
    "leads through where %s blocks, with %s",
    { timeout: 60_000 },
    async (code, _, { source, target: made }) => {
      const { path } = await sqliteFile(source);
      const target = await emptyDatabase();
      if (made !== undefined) await query(target, made);
      const directory = temporaryDirectory();
      const open = (rules: Rules) =>
        openMigration({ source: path, target, rules, migrationsDirectory: `${directory}/migrations` });
      const before = open({});
      const { findings } = await before.validate();
      await before.close();
      const blocking = findings.filter(({ severity }) => severity === "blocking");
      expect(blocking.map((finding) => finding.code)).toContain(code);
      const rules = await follow(blocking[0] as Finding, findings, target, directory);
      const after = open(rules);
      try {
        expect(await after.full()).toMatchObject({ cutover: { verified: { differences: 0 } } });
      } finally {
        await after.close();
      }
    },
  );
});
