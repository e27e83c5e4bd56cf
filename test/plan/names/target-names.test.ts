import { readFileSync } from "node:fs";
import { expect, it, onTestFinished } from "vitest";
import { readSchema } from "../../../src/inspect/read-schema.ts";
import { changedNames, type NameOptions } from "../../../src/plan/names/target-names.ts";
import { proposeSchema } from "../../../src/plan/propose/propose-schema.ts";
import { openSource } from "../../../src/source/source.ts";
import { sqliteFile } from "../../support/source.ts";

const RULES = { tables: { "Order Details": { name: "lines", columns: { UnitPrice: { name: "price" } } } } };

it.each<NameOptions>([{ names: "keep" }, { names: "snake_case" }, { names: "snake_case", rules: RULES }])(
  "are what the proposal's tables and columns are called, told without the proposal: %o",
  async (options) => {
    const { path } = await sqliteFile(
      "PRAGMA foreign_keys = " +
        `OFF;\n${readFileSync(new URL("../../golden/rich.sql", import.meta.url), "utf8")}; CREATE TABLE IF NOT ` +
        `EXISTS "Order Details"(id INTEGER PRIMARY KEY, UnitPrice REAL, xmin TEXT); ` +
        "CREATE TABLE pgmigrations(id INTEGER, Id2 TEXT)",
    );
    const source = openSource({ url: path });
    onTestFinished(() => source.close());
    const schema = await source.read(readSchema);
    const { tables } = proposeSchema(schema, [], { types: "plain", ...options });
    const proposed = new Map<string, string>();
    for (const table of tables) {
      if (table.name !== table.source) proposed.set(table.source, table.name);
      for (const column of table.columns)
        if (column.name !== column.source) proposed.set(`${table.source}.${column.source}`, column.name);
    }
    const changed = changedNames(schema, options);
    expect(proposed.size).toBeGreaterThan(1);
    expect(new Map([...changed].sort())).toEqual(new Map([...proposed].sort()));
  },
);
