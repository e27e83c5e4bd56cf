import { describe, expect, it } from "vitest";
import type { SchemaObject } from "../../src/model/left-out.ts";
import { isThere, type StructureObject } from "../../src/model/structure.ts";

const target: readonly StructureObject[] = [
  { kind: "table", table: "t", name: "t", columns: null },
  { kind: "view", table: "v", name: "v", columns: null },
  { kind: "unique-index", table: "t", name: "t_a_key", columns: ["a"] },
  { kind: "index", table: "t", name: "t_b", columns: ["b", "c"] },
  { kind: "foreign-key", table: "t", name: "t_p_fkey", columns: ["p"] },
  { kind: "check", table: "t", name: "t_check", columns: ["b"] },
  { kind: "default", table: "t", name: "d", columns: ["d"] },
  { kind: "identity", table: "t", name: "id", columns: ["id"] },
  { kind: "trigger", table: "t", name: "T_AI", columns: null },
  { kind: "unique-index", table: "other", name: "x", columns: ["z"] },
];

const there = (object: SchemaObject) => isThere({ targetTable: "T", ...object }, target);

describe("what does the same in the target", () => {
  it("is known by its name, whatever its case", () => {
    expect(there({ kind: "trigger", name: "t_ai" })).toBe(true);
    expect(there({ kind: "trigger", name: "t_au" })).toBe(false);
    expect(isThere({ kind: "view", name: "V" }, target)).toBe(true);
    expect(isThere({ kind: "view", name: "w" }, target)).toBe(false);
  });

  it("is known by its columns, since tools name indexes and keys in their own ways", () => {
    const on = (kind: SchemaObject["kind"], ...targetColumns: string[]) => there({ kind, name: "n", targetColumns });
    expect(on("unique-index", "a")).toBe(true);
    // Unique in fewer columns.
    expect(on("unique-index", "a", "b")).toBe(true);
    expect(on("unique-index", "b", "c")).toBe(false);
    expect(on("unique-index", "z")).toBe(false);
    expect(on("primary-key", "a")).toBe(true);
    expect(on("index", "c", "b")).toBe(true);
    expect(on("index", "b")).toBe(false);
    expect(on("foreign-key", "p")).toBe(true);
    expect(on("foreign-key", "q")).toBe(false);
    expect(on("check", "b")).toBe(true);
    expect(on("check", "a")).toBe(false);
  });

  it("is a default for a column also where that is an identity, and no identity where it is none", () => {
    const on = (kind: SchemaObject["kind"], name: string) => there({ kind, name, targetColumns: [name] });
    expect(on("default", "d")).toBe(true);
    expect(on("default", "id")).toBe(true);
    expect(on("default", "a")).toBe(false);
    expect(on("identity", "id")).toBe(true);
    expect(on("identity", "a")).toBe(false);
    expect(on("generated-column", "a")).toBe(false);
  });

  it("is nothing for what PostgreSQL does not have", () => {
    expect(there({ kind: "on-conflict", name: "t_check" })).toBe(false);
    expect(there({ kind: "migrations-table", name: "t" })).toBe(false);
  });
});
