import { describe, expect, it } from "vitest";
import { failbackLimits } from "../../src/failback/limits.ts";
import type { TableMapping } from "../../src/model/mapping.ts";
import type { SourceColumn, SourceTable } from "../../src/model/source-schema.ts";

const column = (name: string, more: Partial<SourceColumn> = {}): SourceColumn => ({
  name,
  declaredType: "TEXT",
  affinity: "text",
  notNull: false,
  defaultSql: null,
  primaryKeyPosition: 0,
  collation: "BINARY",
  generated: null,
  ...more,
});

const table = (columns: readonly SourceColumn[]): SourceTable => ({
  name: "t",
  sql: "",
  columns,
  primaryKey: ["id"],
  rowidAlias: "id",
  rowidName: "rowid",
  withoutRowid: false,
  strict: false,
  autoincrement: false,
  indexes: [],
  foreignKeys: [],
  checks: [],
});

const mapping = (columns: readonly { readonly source: string; readonly expression?: string }[]): TableMapping => ({
  id: 1,
  source: "t",
  target: { schema: "public", name: "t" },
  identity: { kind: "columns", columns: ["id"] },
  columns: columns.map((given) => ({
    ...given,
    target: given.source,
    affinity: "text",
    collation: "BINARY",
    conversion: { kind: "text", maxLength: null, padded: false },
  })),
});

describe("what the failback cannot bring", () => {
  it("is nothing for an ordinary table, a column that stays behind with a default included", () => {
    expect(
      failbackLimits(
        mapping([{ source: "id" }]),
        table([column("id", { notNull: true }), column("left", { notNull: true, defaultSql: "'x'" }), column("maybe")]),
      ),
    ).toEqual([]);
  });

  it(
    "are columns made by an expression, new rows without a column that must not be NULL, " +
      "and collations of the application's own",
    () => {
      const limits = failbackLimits(
        mapping([{ source: "id" }, { source: "a", expression: "a / 100" }]),
        table([
          column("id"),
          column("a"),
          column("left", { notNull: true }),
          column("sorted", { collation: "UNICODE" }),
        ]),
      );
      expect(limits).toHaveLength(3);
      expect(limits[0]).toContain("column a:");
      expect(limits[1]).toContain("left");
      expect(limits[2]).toContain("UNICODE");
    },
  );
});
