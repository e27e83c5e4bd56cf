import { expect, it, onTestFinished } from "vitest";
import { profileTable } from "../../../src/inspect/profile-table.ts";
import { readSchema } from "../../../src/inspect/read-schema.ts";
import { proposeSchema } from "../../../src/plan/propose/propose-schema.ts";
import { openSource } from "../../../src/source/source.ts";
import { sqliteFile } from "../../support/source.ts";

async function typeOfX(statements: string): Promise<string | undefined> {
  const source = openSource({ url: (await sqliteFile(statements)).path });
  onTestFinished(() => source.close());
  const schema = await source.read(readSchema);
  const profiles = await Promise.all(schema.tables.map((table) => profileTable(source, table)));
  const { tables } = proposeSchema(schema, profiles, { types: "plain" });
  return tables.find(({ source: name }) => name === "t")?.columns.find(({ source: name }) => name === "x")?.type;
}

const T = "CREATE TABLE t(id INTEGER PRIMARY KEY, x NUMERIC, y); CREATE TABLE u(id INTEGER PRIMARY KEY, z)";

it.each([
  ["a CHECK", "CREATE TABLE t(id INTEGER PRIMARY KEY, x NUMERIC CHECK (x IN ('new', 'paid')))"],
  ["a CHECK of a date column", "CREATE TABLE t(id INTEGER PRIMARY KEY, x DATETIME CHECK (x <> 'never'))"],
  ["a partial index", `${T}; CREATE INDEX i ON t(id) WHERE x >= '2024-01-01'`],
  ["an index on an expression", `${T}; CREATE INDEX i ON t(x = 'open')`],
  [
    "a view",
    `${T}; CREATE VIEW v AS SELECT u.id FROM t AS a JOIN u USING (id) WHERE a.X BETWEEN '2024-01' AND '2024-12'`,
  ],
  ["a trigger's WHEN", `${T}; CREATE TRIGGER r AFTER INSERT ON t WHEN NEW.x = 'paid' BEGIN SELECT 1; END`],
  ["a trigger's statement", `${T}; CREATE TRIGGER r AFTER INSERT ON u BEGIN UPDATE t SET y = 1 WHERE x = 'open'; END`],
])("takes a column without values for text where %s compares it with a word", async (_, sql) => {
  expect(await typeOfX(sql)).toBe("text");
});

it.each([
  ["numbers in quotes", `${T}; CREATE VIEW v AS SELECT id FROM t WHERE x > '5'`, "numeric"],
  ["the empty text", `${T}; CREATE VIEW v AS SELECT id FROM t WHERE x <> ''`, "numeric"],
  ["a column of that name in another table", `${T}; CREATE VIEW v AS SELECT id FROM u WHERE z = 'a'`, "numeric"],
  [
    "values that are numbers",
    `${T}; INSERT INTO t(x) VALUES (5); CREATE VIEW v AS SELECT id FROM t WHERE x = 'a'`,
    "numeric",
  ],
  ["dates in a date column", "CREATE TABLE t(id INTEGER PRIMARY KEY, x DATE CHECK (x > '2024-01-01'))", "date"],
])("keeps the declared type in spite of %s", async (_, sql, type) => {
  expect(await typeOfX(sql)).toBe(type);
});
