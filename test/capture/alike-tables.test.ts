import { describe, expect, it } from "vitest";
import { groupAlikeTables } from "../../src/capture/alike-tables.ts";
import { testCapture } from "../../src/capture/capture-self-test.ts";
import { installCapture } from "../../src/capture/install.ts";
import { readSchema } from "../../src/inspect/read-schema.ts";
import { chooseIdentity } from "../../src/plan/propose/choose-identity.ts";
import type { Source } from "../../src/source/source.ts";
import { memoryDatabase, memorySource } from "../fuzz/memory-source.ts";

const TABLE = (name: string, more = "") =>
  `CREATE TABLE ${name}(id INTEGER PRIMARY KEY, v TEXT UNIQUE${more}); CREATE INDEX ${name}_v ON ${name}(v, id);`;

async function captured(statements: string) {
  const database = memoryDatabase();
  database.exec(statements);
  const source = memorySource(database);
  const { tables } = await source.read(readSchema);
  const all = tables.map((table, index) => ({ id: index + 1, table, identity: chooseIdentity(table, undefined) }));
  await installCapture(source, { run: "test", target: "", tables: all });
  return { database, source, tables: all };
}

async function groupsOf(statements: string): Promise<string[][]> {
  const { source, tables } = await captured(statements);
  const groups = await groupAlikeTables(source, tables);
  return groups.map((group) => group.map(({ table }) => table.name));
}

/** The source, and how many statements its write transactions have run, without what begins and ends each. */
function counted(source: Source): { readonly source: Source; readonly statements: () => number } {
  let statements = 0;
  const write: Source["write"] = (work, options) =>
    source.write(
      (tx) =>
        work({
          ...tx,
          run(sql, args) {
            if (!sql.startsWith("PRAGMA")) statements++;
            return tx.run(sql, args);
          },
        }),
      options,
    );
  return { source: { ...source, write }, statements: () => statements };
}

describe("tables are alike", () => {
  it("if they differ in nothing but names", async () => {
    expect(await groupsOf(`${TABLE("a")} ${TABLE("b")} CREATE TABLE c(id INTEGER PRIMARY KEY); ${TABLE("D")}`)).toEqual(
      [["a", "b", "D"], ["c"]],
    );
  });

  const others: Readonly<Record<string, string>> = {
    "another column": TABLE("b", ", w"),
    "an index more": `${TABLE("b")} CREATE UNIQUE INDEX more ON b(id, v);`,
    "a trigger of the application": `${TABLE("b")} CREATE TRIGGER u AFTER INSERT ON b BEGIN SELECT 1; END;`,
    "a reference to another table": TABLE("b", " REFERENCES a(v)"),
    "a word that only ends like its name": TABLE("b", " DEFAULT '_b'").replace("id)", "id) WHERE v <> '_b'"),
    "a name that needs quotes": TABLE('"b c"').replace('"b c"_v', "i"),
    "a name that means a row in a trigger": TABLE("new"),
  };
  for (const [what, table] of Object.entries(others))
    it(`not with ${what}`, async () => {
      const [first] = await groupsOf(`${TABLE("a", what.startsWith("a word") ? " DEFAULT '_a'" : "")} ${table}`);
      expect(first).toEqual(["a"]);
    });

  it("not if triggers of the application write to different tables of nearly their names", async () => {
    const logged = (name: string) =>
      `${TABLE(name)} CREATE TABLE _${name}(x); CREATE TRIGGER ${name}_log AFTER INSERT ON ${name} BEGIN ` +
      `INSERT INTO _${name} VALUES(1); END;`;
    const groups = await groupsOf(`${logged("a")} ${logged("b")}`);
    expect(groups).toContainEqual(["a"]);
    expect(groups).toContainEqual(["b"]);
  });
});

describe("the self-test of alike tables", () => {
  const MANY = Array.from({ length: 40 }, (_, index) => TABLE(`t${index}`)).join(" ");

  it("takes as many statements for 40 as for one", async () => {
    const [one, many] = [await captured(TABLE("t0")), await captured(MANY)];
    const [ofOne, ofMany] = [counted(one.source), counted(many.source)];
    expect(await testCapture(ofOne.source, one.tables)).toEqual([]);
    expect(await testCapture(ofMany.source, many.tables)).toEqual([]);
    expect(ofMany.statements()).toBe(ofOne.statements());
  });

  it("tries the one whose trigger is gone", async () => {
    const { database, source, tables } = await captured(MANY);
    const [trigger] = database
      .prepare("SELECT name FROM sqlite_schema WHERE tbl_name = 't17' AND name LIKE '\\_changeover%' ESCAPE '\\'")
      .all() as { name: string }[];
    database.exec(`DROP TRIGGER "${trigger?.name}"`);
    await expect(testCapture(source, tables)).rejects.toMatchObject({
      code: "CAPTURE_SELF_TEST_FAILED",
      context: { table: "t17" },
    });
  });

  it("tries the one whose trigger has another text", async () => {
    const { database, source, tables } = await captured(MANY);
    const [trigger] = database
      .prepare("SELECT name, sql FROM sqlite_schema WHERE tbl_name = 't17' AND sql LIKE '%DELETE ON%'")
      .all() as { name: string; sql: string }[];
    database.exec(`DROP TRIGGER "${trigger?.name}"; ${trigger?.sql.replace(/VALUES\(18/, "VALUES(999")}`);
    await expect(testCapture(source, tables)).rejects.toMatchObject({ context: { table: "t17" } });
  });

  it("tries all of them where one could not be tried in each way", async () => {
    const refusing = (name: string) =>
      `${TABLE(name)} CREATE TRIGGER ${name}_no BEFORE INSERT ON ${name} BEGIN SELECT RAISE(ABORT, 'no'); END;`;
    const { source, tables } = await captured(`${refusing("a")} ${refusing("b")}`);
    const untested = await testCapture(source, tables);
    expect(new Set(untested.map(({ table }) => table))).toEqual(new Set(["a", "b"]));
  });
});
