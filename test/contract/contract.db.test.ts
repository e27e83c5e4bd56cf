import { describe, expect, it } from "vitest";
import { serverFindings } from "../../src/contract/server-findings.ts";
import { openMigration } from "../../src/migration.ts";
import type { Finding } from "../../src/model/proposal.ts";
import type { Rules } from "../../src/model/rules.ts";
import { sqliteFile, temporaryDirectory } from "../support/source.ts";
import { emptyDatabase, query } from "../support/target.ts";

const SOURCE = `
  CREATE TABLE person(id INTEGER PRIMARY KEY, name TEXT, mail TEXT, age INTEGER, extra TEXT, made TEXT, code TEXT);
  INSERT INTO person VALUES (1, 'a', 'A@x', 40, 'x', 'm', '12345'), (2, NULL, 'b@x', 70000, 'y', 'm', '123456'), (3, 'c', 'b@x', 3, 'z', 'm', '1');
`;

async function findings(
  target: string,
  options: { readonly source?: string; readonly rules?: Rules } = {},
): Promise<Finding[]> {
  const { path } = await sqliteFile(options.source ?? SOURCE);
  const url = await emptyDatabase();
  if (target !== "") await query(url, target);
  const migration = openMigration({
    source: path,
    target: url,
    migrationsDirectory: `${temporaryDirectory()}/none`,
    ...(options.rules === undefined ? {} : { rules: options.rules }),
  });
  try {
    return [...(await migration.validate()).findings];
  } finally {
    await migration.close();
  }
}

const brief = (found: readonly Finding[]) =>
  found
    .filter(({ severity }) => severity !== "info")
    .map(
      ({ code, severity, table, column, count }) =>
        `${code}${severity === "blocking" ? "!" : ""} ${table}${column === undefined ? "" : `.${column}`}${count === undefined ? "" : ` ${count}`}`,
    )
    .sort();

describe("the contract between the source and tables that are there", () => {
  it("names what the target demands and the source does not send, and what it sends and the target does not take", async () => {
    const found = await findings(
      "create table person(id bigint primary key, name text not null, mail text, age smallint, made text generated always as ('m') stored, code varchar(5), needed int not null)",
    );
    expect(brief(found)).toEqual([
      "TARGET_COLUMN_MISSING! person.extra",
      "TARGET_COLUMN_UNFED! person.needed",
      "TARGET_NOT_NULL! person.name 1",
      "VALUE_REFUSED! person.age 1",
      "VALUE_REFUSED! person.code 1",
    ]);
    expect(found.find(({ code }) => code === "TARGET_GENERATED")).toMatchObject({ column: "made", severity: "info" });
    expect(found.find(({ column }) => column === "age")?.examples).toEqual([[{ type: "integer", value: "2" }]]);
  });

  it("is kept by the rules that the findings suggest", async () => {
    const target =
      "create table person(id bigint primary key, name text not null, mail text, age smallint, made text, code varchar(5))";
    const suggested = (await findings(target)).flatMap(({ rules, severity }) =>
      severity === "blocking" ? [rules?.[0]?.rules ?? {}] : [],
    );
    const columns = Object.assign({}, ...suggested.map(({ tables }) => tables?.["person"]?.columns)) as NonNullable<
      NonNullable<Rules["tables"]>[string]["columns"]
    >;
    expect(
      brief(await findings(target, { rules: { tables: { person: { columns } } } })).filter((line) =>
        line.includes("!"),
      ),
    ).toEqual([]);
  });

  it("does not mind what the plan would have chosen, where the target's own types take everything", async () => {
    const source = "CREATE TABLE t(id INTEGER PRIMARY KEY, v INTEGER); INSERT INTO t(v) VALUES (1), ('text')";
    expect(brief(await findings("create table t(id bigint primary key, v text)", { source }))).toEqual([]);
    expect(brief(await findings("create table t(id bigint primary key, v bigint)", { source }))).toEqual([
      "VALUE_REFUSED! t.v 1",
    ]);
  });

  it.each([
    ["by the name that both have", "token", {}],
    // The look counts no form for it: the values themselves are asked.
    ["by a name that a rule gives", "handle", { tables: { visit: { columns: { token: { name: "handle" } } } } }],
  ])("asks texts for the form that the target's column wants, whether it is found %s", async (_, name, rules) => {
    const uuid = (row: number) => `'5df41881-3aed-4f5a-9f3a-${String(row).padStart(12, "0")}'`;
    const source = (last: string) =>
      `CREATE TABLE visit(id INTEGER PRIMARY KEY, token TEXT); INSERT INTO visit(token) VALUES ${[1, 2, 3].map((row) => `(${uuid(row)})`).join(", ")}, (${last})`;
    const target = `create table visit(id bigint primary key, ${name} uuid)`;
    expect(brief(await findings(target, { source: source(uuid(4)), rules }))).toEqual([]);
    expect(brief(await findings(target, { source: source("'none'"), rules }))).toEqual([
      "VALUE_REFUSED! visit.token 1",
    ]);
  });

  it("stops a sync before anything is touched", async () => {
    const { path, application } = await sqliteFile(SOURCE);
    const url = await emptyDatabase();
    await query(
      url,
      "create table person(id bigint primary key, name text not null, mail text, age bigint, extra text, made text, code text)",
    );
    const migration = openMigration({ source: path, target: url, migrationsDirectory: `${temporaryDirectory()}/none` });
    await expect(migration.sync({ until: "caught-up" })).rejects.toMatchObject({ code: "BLOCKED" });
    await migration.close();
    expect(
      (await application.execute("SELECT name FROM sqlite_schema WHERE name LIKE '\\_changeover%' ESCAPE '\\'")).rows,
    ).toEqual([]);
    expect(await query(url, "select to_regclass('changeover.run') as t")).toEqual([{ t: null }]);
  });

  it("says that rows are there, that triggers rest and that CHECKs are judged row by row", async () => {
    const source = "CREATE TABLE t(id INTEGER PRIMARY KEY); INSERT INTO t VALUES (1)";
    const found = await findings(
      "create table t(id bigint primary key check (id > 0)); insert into t values (7); create function f() returns trigger language plpgsql as 'begin return new; end'; create trigger g before insert on t for each row execute function f()",
      { source },
    );
    expect(brief(found)).toEqual(["TARGET_NOT_EMPTY! t"]);
    expect(
      found
        .filter(({ table }) => table === "t")
        .map(({ code }) => code)
        .sort(),
    ).toEqual(["TARGET_CHECKS", "TARGET_NOT_EMPTY", "TARGET_TRIGGERS"]);
  });
});

describe("the server", () => {
  it("finds nothing wrong with one that fits, and says what it will need", async () => {
    const found = await findings("", { source: "CREATE TABLE t(id INTEGER PRIMARY KEY, v TEXT)" });
    expect(found.map(({ code, severity }) => [code, severity])).toEqual([["TARGET_SPACE", "info"]]);
  });

  it("is refused when it is too old, of another encoding, lacks an extension, or gives the role no rights", () => {
    const facts = {
      version: 130_011,
      encoding: "LATIN1",
      role: "me",
      schema: "public",
      mayCreateSchema: false,
      mayCreateTables: false,
      size: 0,
      tables: [],
    };
    const found = serverFindings({
      facts,
      sourceSize: 4e9,
      missingExtensions: ["cube"],
      pendingMigrations: ["1_tables.sql"],
      makesTables: true,
    });
    expect(found.map(({ code, severity }) => `${code} ${severity}`)).toEqual([
      "TARGET_VERSION blocking",
      "TARGET_ENCODING blocking",
      "TARGET_PRIVILEGE blocking",
      "TARGET_PRIVILEGE blocking",
      "EXTENSION_MISSING blocking",
      "MIGRATIONS_PENDING info",
      "TARGET_SPACE info",
    ]);
    expect(found.at(-1)?.message).toContain("10.0 GB");
  });
});
