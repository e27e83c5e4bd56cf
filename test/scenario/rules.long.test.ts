import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { runCli } from "../support/cli.ts";
import { sqliteFile, temporaryDirectory } from "../support/source.ts";
import { emptyDatabase, query } from "../support/target.ts";

const SOURCE = `
  CREATE TABLE Person(id INTEGER PRIMARY KEY, "E-Mail" TEXT UNIQUE, born TEXT, notes TEXT,
    nick TEXT NOT NULL DEFAULT 'x', secret TEXT, CHECK (length(secret) < 100));
  CREATE INDEX person_secret ON Person(secret);
  CREATE TABLE visit(person INTEGER REFERENCES Person, at INTEGER, cost TEXT);
  CREATE TABLE scratch(a);
  INSERT INTO Person VALUES (1, 'Ann@Example.org', '24.12.1980', '', 'ann', 's1'), (2, 'bob@example.org',
    '01.02.1990', NULL, '', 's2');
  INSERT INTO visit VALUES (1, 1700000000, '12,50'), (2, 1700000001, '7,00');
  INSERT INTO scratch VALUES (1), ('x'), (x'00');
`;

const RULES = {
  types: "enhanced",
  tables: {
    person: {
      name: "people",
      columns: {
        "e-mail": { name: "email", expression: 'lower("E-Mail")' },
        born: {
          type: "date",
          expression: "substr(born, 7, 4) || '-' || substr(born, 4, 2) || '-' || substr(born, 1, 2) -- day.month.year",
        },
        notes: { nullAndEmpty: "empty-to-null" },
        nick: { nullAndEmpty: "empty-to-null", default: "'nobody'" },
        secret: { exclude: true },
      },
    },
    visit: {
      columns: {
        at: { type: "timestamptz" },
        cost: { type: "numeric(10,2)", expression: "CAST(replace(cost, ',', '.') AS REAL)" },
      },
    },
    scratch: { exclude: true },
  },
};

async function prepared(rules: object, source = SOURCE) {
  const { path, application } = await sqliteFile(source);
  const target = await emptyDatabase();
  const cwd = temporaryDirectory();
  writeFileSync(join(cwd, "changeover.config.json"), JSON.stringify(rules));
  return { application, target, cwd, ends: ["--source", path, "--target", target] };
}

describe("rules in the config", () => {
  it("decide names, types, values, defaults and what stays behind, from the schema to the cutover", async () => {
    const { application, cwd, ends, target } = await prepared(RULES);
    const synced = await runCli(["schema", "--write", ...ends], { cwd });
    expect(synced.stderr).not.toContain("error:");
    expect((await runCli(["up", ...ends], { cwd })).code).toBe(0);
    expect((await runCli(["sync", "--until", "caught-up", ...ends], { cwd })).stderr).not.toContain("error:");
    await application.executeMultiple(
      `UPDATE Person SET "E-Mail" = 'ANN@EXAMPLE.ORG', born = '25.12.1980', nick = '' WHERE id = 1; ` +
        `INSERT INTO Person("E-Mail", born, nick) VALUES ('New@x', '31.12.1999', 'n'); INSERT INTO visit ` +
        "VALUES (3, 1700000002, '1,25')",
    );
    const full = await runCli(["full", "--yes", ...ends, "--json"], { cwd });
    expect(JSON.parse(full.stdout)).toMatchObject({ ok: true, verified: { differences: 0 } });
    expect(
      await query(target, "select id::int, email, born::text, notes, nick from people as p order by p.id"),
    ).toEqual([
      { id: 1, email: "ann@example.org", born: "1980-12-25", notes: null, nick: null },
      { id: 2, email: "bob@example.org", born: "1990-02-01", notes: null, nick: null },
      { id: 3, email: "new@x", born: "1999-12-31", notes: null, nick: "n" },
    ]);
    expect(
      await query(
        target,
        "select person::int, extract(epoch from at)::int as at, cost::text from visit as v order by v.person",
      ),
    ).toEqual([
      { person: 1, at: 1700000000, cost: "12.50" },
      { person: 2, at: 1700000001, cost: "7.00" },
      { person: 3, at: 1700000002, cost: "1.25" },
    ]);
    expect(
      await query(
        target,
        "select column_name::text as c, column_default as d from information_schema.columns " +
          "where table_name = 'people' and column_name in ('nick', 'secret')",
      ),
    ).toEqual([{ c: "nick", d: "'nobody'::text" }]);
    expect(await query(target, "select to_regclass('scratch') as t")).toEqual([{ t: null }]);
    expect(JSON.parse((await runCli(["check", ...ends, "--json"], { cwd })).stdout)).toMatchObject({
      ok: true,
      differences: 0,
    });
  });

  it("turn NULL into the empty text where that is wanted", async () => {
    const { cwd, ends, target } = await prepared(
      { tables: { t: { columns: { a: { nullAndEmpty: "null-to-empty" } } } } },
      "CREATE TABLE t(id INTEGER PRIMARY KEY, a TEXT); INSERT INTO t(a) VALUES (NULL), (''), ('x')",
    );
    expect(JSON.parse((await runCli(["full", "--yes", ...ends, "--json"], { cwd })).stdout)).toMatchObject({
      ok: true,
    });
    expect(await query(target, "select a from t order by id")).toEqual([{ a: "" }, { a: "" }, { a: "x" }]);
  });

  it.each([
    ["RULE_UNKNOWN", { tables: { persn: { exclude: true } } }],
    ["RULE_UNKNOWN", { tables: { person: { columns: { emial: { type: "text" } } } } }],
    ["RULE_ON_KEY", { tables: { person: { columns: { id: { expression: "id + 1" } } } } }],
    ["RULE_INVALID", { tables: { person: { columns: { born: { expression: "no_such_column + 1" } } } } }],
    ["CONFIG_INVALID", { tables: { person: { colums: {} } } }],
  ])("are refused with %s when they make no sense: %j", async (code, rules) => {
    const { cwd, ends, target } = await prepared(rules);
    const result = await runCli(["full", "--yes", ...ends], { cwd });
    expect(result.stderr).toContain(`[${code}]`);
    expect(result.code).toBe(2);
    expect(await query(target, "select to_regnamespace('changeover') as s")).toEqual([{ s: null }]);
  });
});

describe("a blocking finding", () => {
  const MIXED =
    "CREATE TABLE m(id INTEGER PRIMARY KEY, v BLOB, w BLOB); INSERT INTO m(v, w) VALUES (x'00ff', 1), (7, " +
    "2), ('text', 3)";

  it("stops full before anything is touched, and is answered by the rules that validate writes", async () => {
    const { cwd, ends, target } = await prepared({ types: "enhanced" }, MIXED);
    const blocked = await runCli(["full", "--yes", ...ends, "--json"], { cwd });
    expect(JSON.parse(blocked.stdout)).toMatchObject({ error: { code: "BLOCKING_FINDINGS" } });
    expect(await query(target, "select to_regnamespace('changeover') as s, to_regclass('m') as m")).toEqual([
      { s: null, m: null },
    ]);
    const written = await runCli(["validate", "--write-rules", ...ends, "--json"], { cwd });
    expect(JSON.parse(written.stdout)).toMatchObject({ ok: true });
    const config = JSON.parse(readFileSync(join(cwd, "changeover.config.json"), "utf8"));
    expect(config).toMatchObject({ types: "enhanced", tables: { m: { columns: { v: {} } } } });
    expect((await runCli(["validate", ...ends], { cwd })).code).toBe(0);
    const full = await runCli(["full", "--yes", ...ends, "--json", "--accept", "QUARANTINED"], { cwd });
    expect(JSON.parse(full.stdout)).toMatchObject({ ok: true, phase: "cut-over" });
    expect(full.code).toBe(0);
  });

  it("is not answered by leaving a table behind, unless a person writes so", async () => {
    const columns = Array.from({ length: 1_700 }, (_, index) => `c${index}`).join(", ");
    const { cwd, ends } = await prepared(
      {},
      `CREATE TABLE wide(id INTEGER PRIMARY KEY, ${columns}); INSERT INTO wide(id) VALUES (1)`,
    );
    const written = await runCli(["validate", "--write-rules", ...ends, "--json"], { cwd });
    expect(JSON.parse(written.stdout)).toMatchObject({ ok: false, written: null });
    expect(written.code).toBe(1);
  });

  it("passes when it is accepted by name, for the table or the column named only", async () => {
    const { cwd, ends } = await prepared({}, MIXED);
    const { findings } = JSON.parse((await runCli(["validate", ...ends, "--json"], { cwd })).stdout) as {
      findings: { code: string; severity: string; table: string; column: string }[];
    };
    const { code, table, column } = findings.find(({ severity }) => severity === "blocking") ?? {
      code: "",
      table: "",
      column: "",
    };
    const accepted = async (...names: string[]) =>
      (await runCli(["validate", ...ends, ...names.flatMap((name) => ["--accept", name])], { cwd })).code;
    expect(await accepted(`${code}:other`)).toBe(1);
    expect(await accepted(`${code}:${table}.w`)).toBe(1);
    expect(await accepted(`${code}:${table}.${column}`)).toBe(0);
    expect(await accepted(code)).toBe(0);
  });
});
