import { describe, expect, it } from "vitest";
import { type LinkedColumn, unifyTypes, widest } from "../../../src/plan/types/unify-types.ts";

function column(id: string, type: string, more: Partial<LinkedColumn> = {}): LinkedColumn {
  return { id, type, guessed: false, settled: false, ...more };
}

describe("unifyTypes", () => {
  it("gives all columns of a chain the type that holds them all", () => {
    const changed = unifyTypes(
      [column("a", "bigint"), column("b", "text"), column("c", "bigint"), column("d", "bigint")],
      [
        ["a", "b"],
        ["c", "a"],
      ],
    );
    expect([...changed].sort()).toEqual([
      ["a", "text"],
      ["c", "text"],
    ]);
  });

  it("lets a column without values take the others' type", () => {
    expect([
      ...unifyTypes([column("a", "text", { guessed: true }), column("b", "bigint", { settled: true })], [["a", "b"]]),
    ]).toEqual([["a", "bigint"]]);
  });

  it("never changes the alias of a rowid for a child that holds texts, but serves the other children", () => {
    const columns = [
      column("id", "bigint", { settled: true }),
      column("dirty", "text"),
      column("empty", "text", { guessed: true }),
    ];
    expect([
      ...unifyTypes(columns, [
        ["dirty", "id"],
        ["empty", "id"],
      ]),
    ]).toEqual([["empty", "bigint"]]);
  });
});

describe("widest", () => {
  it.each([
    ["bigint", "numeric(10,2)", "numeric"],
    ["bigint", "double precision", "numeric"],
    ["boolean", "bigint", "bigint"],
    ["date", "timestamp", "timestamp"],
    ["timestamp", "timestamptz", "text"],
    ["text", "bytea", "bytea"],
    ["bigint", "bytea", null],
  ])("of %s and %s is %s", (a, b, expected) => {
    expect(widest(a, b)).toBe(expected);
    expect(widest(b, a)).toBe(expected);
  });
});
