import { describe, expect, it } from "vitest";
import { findLosses } from "../../../src/schema/backup/find-losses.ts";
import type { HeldTable, Holdings } from "../../../src/schema/backup/holdings.ts";

function table(id: string, columns: Readonly<Record<string, string>>, rest: Partial<HeldTable> = {}): HeldTable {
  const held = Object.entries(columns).map(([name, type], at) => ({
    number: at + 1,
    name,
    type: type.replace(" generated", ""),
    generated: type.endsWith(" generated"),
  }));
  return {
    id,
    schema: "public",
    name: `t${id}`,
    partitioned: false,
    partitionOf: null,
    readable: true,
    lockable: true,
    columns: held,
    keys: [[1]],
    ...rest,
  };
}

const holdings = (...tables: HeldTable[]): Holdings => ({ tables, sequences: [] });

function lostBy(before: Holdings, after: Holdings, emptied: readonly string[] = []): unknown {
  const { tables, columns } = findLosses({ before, after, emptied: new Set(emptied) });
  return [
    ...tables.map(({ table: { name }, how }) => `${name} ${how}`),
    ...columns.map(
      ({ table: { name }, columns: lost, key }) =>
        `${name}.${lost.map((column) => column.name).join("+")} by ` +
        `${key?.map((column) => column.name).join("+") ?? "nothing"}`,
    ),
  ];
}

describe("a loss between two states of the catalogue", () => {
  const before = table("1", { id: "integer", name: "text", age: "integer", twice: "integer generated" });
  const remaining = (...numbers: number[]) => ({
    ...before,
    columns: before.columns.filter(({ number }) => numbers.includes(number)),
  });

  it("is identified by the number of a table or column, not by its name", () => {
    expect(
      lostBy(
        holdings(before),
        holdings({
          ...before,
          name: "other",
          columns: before.columns.map((column) => ({ ...column, name: `${column.name}_x` })),
        }),
      ),
    ).toEqual([]);
    expect(lostBy(holdings(before), holdings({ ...before, id: "2" }))).toEqual(["t1 dropped"]);
  });

  it("is a dropped column or one with a new type, but not a generated one", () => {
    expect(lostBy(holdings(before), holdings(remaining(1, 2)))).toEqual(["t1.age by id"]);
    expect(lostBy(holdings(before), holdings(remaining(1, 2, 3)))).toEqual([]);
    expect(
      lostBy(
        holdings(before),
        holdings({
          ...before,
          columns: before.columns.map((column) =>
            column.name === "name" ? { ...column, type: "varchar(3)" } : column,
          ),
        }),
      ),
    ).toEqual(["t1.name by id"]);
  });

  it("has a key of unchanged columns, or none", () => {
    expect(lostBy(holdings({ ...before, keys: [[1], [2]] }), holdings(remaining(2, 3)))).toEqual(["t1.id by name"]);
    expect(lostBy(holdings(before), holdings(remaining(2, 3)))).toEqual(["t1.id by nothing"]);
  });

  it("keeps an integer key that only changes its width", () => {
    const retyped = (types: Readonly<Record<string, string>>, ...numbers: number[]) => ({
      ...before,
      columns: remaining(...numbers).columns.map((column) => ({ ...column, type: types[column.name] ?? column.type })),
    });
    expect(lostBy(holdings(before), holdings(retyped({ id: "bigint" }, 1, 2, 3)))).toEqual([]);
    expect(lostBy(holdings(before), holdings(retyped({ id: "bigint" }, 1, 2)))).toEqual(["t1.age by id"]);
    expect(lostBy(holdings(before), holdings(retyped({ age: "bigint" }, 1, 2, 3)))).toEqual(["t1.age by id"]);
    expect(lostBy(holdings(before), holdings(retyped({ id: "text" }, 1, 2, 3)))).toEqual(["t1.id by nothing"]);
  });

  it("is the full table if it is empty afterwards", () => {
    expect(lostBy(holdings(before), holdings(remaining(1)), ["1"])).toEqual(["t1 emptied"]);
  });

  it("is a partition's if the table's rows stay, otherwise the table's", () => {
    const root = table("1", { id: "integer" }, { partitioned: true });
    const leaf = table("2", { id: "integer" }, { partitionOf: "1" });
    expect(lostBy(holdings(root, leaf), holdings(root))).toEqual(["t2 dropped"]);
    expect(lostBy(holdings(root, leaf), holdings())).toEqual(["t1 dropped"]);
    expect(lostBy(holdings(root, leaf), holdings({ ...root, columns: [] }, { ...leaf, columns: [] }))).toEqual([
      "t1.id by nothing",
    ]);
  });
});
