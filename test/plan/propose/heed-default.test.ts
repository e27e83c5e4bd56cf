import { expect, it } from "vitest";
import { openMigration } from "../../../src/migration.ts";
import { sqliteFile } from "../../support/source.ts";

/** `type default` of the column x, and the codes of what is said of it. */
async function proposed(column: string, values = "", types: "plain" | "enhanced" = "plain"): Promise<string> {
  const insert = values === "" ? "" : `INSERT INTO t(x) VALUES ${values};`;
  const { path } = await sqliteFile(`CREATE TABLE t(id INTEGER PRIMARY KEY, x ${column}); ${insert}`);
  const migration = openMigration({ source: path, target: "postgres://nowhere", types });
  const { proposal } = await migration.schema();
  await migration.close();
  const found = proposal.tables[0]?.columns.find(({ source }) => source === "x");
  const codes = proposal.findings.map(({ code }) => ` ${code}`).join("");
  return `${found?.type ?? ""} ${found?.default ?? "null"}${codes}`;
}

const TO_CHAR = "to_char(now() at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS')";

it.each([
  ["numeric NOT NULL DEFAULT (datetime('now'))", `text ${TO_CHAR}`],
  ["blob DEFAULT 0", "bigint 0"],
  ["blob DEFAULT 'a'", "bytea '\\x61'::bytea"],
  ["INTEGER DEFAULT 'none'", "text 'none'"],
  ["REAL DEFAULT CURRENT_TIMESTAMP", `text ${TO_CHAR}`],
  ["DATETIME DEFAULT 0", "text '0'"],
  ["DATETIME DEFAULT (unixepoch())", "bigint floor(extract(epoch from now()))::bigint"],
  ["DATE DEFAULT CURRENT_TIMESTAMP", "timestamp (now() at time zone 'UTC')"],
  ["BOOLEAN DEFAULT 2", "bigint 2"],
  ["BOOLEAN DEFAULT 'FALSE'", "boolean false INVALID_BOOLEAN"],
  ["numeric DEFAULT false", "boolean false"],
  ["numeric DEFAULT 0", "numeric 0"],
  ["numeric DEFAULT (app())", "numeric null DEFAULT_NOT_TRANSLATED"],
])("an empty column takes a type that holds its default: %s", async (column, expected) => {
  expect(await proposed(column)).toBe(expected);
});

it.each([
  ["numeric DEFAULT false", "(0), (1)", "boolean false"],
  ["numeric DEFAULT false", "(0), (2)", "numeric 0"],
  ["numeric DEFAULT 0", "(0), (1)", "numeric 0"],
  ["BOOLEAN DEFAULT 2", "(0), (1)", "bigint 2 MIXED_STORAGE"],
  ["INTEGER DEFAULT 'none'", "(1), (2)", "bigint null DEFAULT_NOT_TRANSLATED"],
  ["INTEGER DEFAULT 1.5", "(1), (2)", "numeric 1.5 MIXED_STORAGE"],
  ["DATE DEFAULT CURRENT_TIMESTAMP", "('2024-01-31')", "timestamp (now() at time zone 'UTC')"],
  ["INTEGER DEFAULT (app(1))", "(1), (2)", "bigint null DEFAULT_NOT_TRANSLATED"],
])("a default counts as one more value: %s with %s", async (column, values, expected) => {
  expect(await proposed(column, values)).toBe(expected);
});

it("no rich type is chosen that the default does not have", async () => {
  const uuids = Array.from(
    { length: 20 },
    (_, n) => `('0b3c4d5e-1111-4222-8333-${String(n).padStart(12, "0")}')`,
  ).join();
  expect(await proposed("TEXT DEFAULT ''", uuids, "enhanced")).toBe("text '' MIXED_STORAGE");
  expect(await proposed("TEXT", uuids, "enhanced")).toBe("uuid null");
});
