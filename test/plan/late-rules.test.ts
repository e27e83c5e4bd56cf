import { describe, expect, it } from "vitest";
import { readSchema } from "../../src/inspect/read-schema.ts";
import type { TableMapping } from "../../src/model/mapping.ts";
import type { ColumnRules, TableRules } from "../../src/model/rules.ts";
import { lateRules } from "../../src/plan/late-rules.ts";
import { openSource } from "../../src/source/source.ts";
import { sqliteFile } from "../support/source.ts";

async function readTable() {
  const { path } = await sqliteFile("CREATE TABLE t(id INTEGER PRIMARY KEY, v TEXT, n INTEGER)");
  const source = openSource({ url: path });
  try {
    return await source.read(readSchema);
  } finally {
    source.close();
  }
}

const column = { affinity: "text", collation: "BINARY" } as const;
const MAPPING: TableMapping = {
  id: 1,
  source: "t",
  target: { schema: "public", name: "t" },
  identity: { kind: "columns", columns: ["id"] },
  columns: [
    { ...column, source: "id", target: "id", conversion: { kind: "integer", type: "bigint" } },
    { ...column, source: "v", target: "v", conversion: { kind: "text", maxLength: null, padded: false } },
    { ...column, source: "n", target: "n", conversion: { kind: "interval", unit: "seconds" } },
  ],
};

const late = async (rules: TableRules, mapping = MAPPING) =>
  lateRules([mapping], await readTable(), { tables: { T: rules } }).map(
    ({ column: name = "", rule }) => `${name} ${rule}`,
  );
const ofV = (rules: ColumnRules) => late({ columns: { V: rules } });

describe("a rule that was written after the run began", () => {
  it.each<[ColumnRules, readonly string[]]>([
    [{ expression: "lower(v)" }, ["v values"]],
    [{ nullAndEmpty: "empty-to-null" }, ["v values"]],
    [{ name: "w" }, ["v name"]],
    [{ type: "integer" }, ["v type"]],
    [{ type: "text" }, []],
    [{ exclude: true }, ["v exclude"]],
    [{ onBadValue: "quarantine" }, []],
    [{ name: "v", default: "'x'" }, []],
  ])("is known by the mapping that it does not fit: %j", async (rules, expected) => {
    expect(await ofV(rules)).toEqual(expected);
  });

  it("may be of the table, of a unit, or be gone", async () => {
    expect(await late({ name: "people" })).toEqual([" name"]);
    expect(await late({ exclude: true })).toEqual([" exclude"]);
    expect(await late({ columns: { n: { unit: "milliseconds" } } })).toEqual(["n values"]);
    expect(await late({ columns: { n: { unit: "seconds" } } })).toEqual([]);
    const [id, v, n] = MAPPING.columns;
    if (id === undefined || v === undefined || n === undefined) throw new Error("no columns");
    expect(await late({}, { ...MAPPING, columns: [id, { ...v, expression: "upper(v)" }, n] })).toEqual(["v values"]);
  });
});
