import { describe, expect, it } from "vitest";
import type { TableMapping } from "../../src/model/mapping.ts";
import { StagedTables } from "../../src/replay/staged-tables.ts";

const table = (id: number): TableMapping => ({
  id,
  source: "t",
  target: { schema: "public", name: "t" },
  identity: { kind: "columns", columns: ["id"] },
  columns: [],
});
const rows = (first: number, last: number) => ({ ascending: { first, last }, hasDeleted: false });

describe("what is staged", () => {
  it("ascends while each part begins behind the one before", () => {
    const [staged, one] = [new StagedTables(), table(1)];
    staged.add(one, rows(1, 5));
    staged.add(one, rows(6, 9));
    expect(staged.isAscending(one)).toBe(true);
    staged.add(one, rows(9, 12));
    expect(staged.isAscending(one)).toBe(false);
    // Also if all that follows does.
    staged.add(one, rows(13, 20));
    expect(staged.isAscending(one)).toBe(false);
  });

  it("does not ascend where rows are gone, or their keys are not known, whenever that was", () => {
    for (const part of [
      { ascending: { first: 6, last: 9 }, hasDeleted: true },
      { ascending: null, hasDeleted: false },
    ]) {
      for (const parts of [
        [part, rows(10, 12)],
        [rows(1, 5), part],
      ]) {
        const [staged, one] = [new StagedTables(), table(1)];
        for (const each of parts) staged.add(one, each);
        expect(staged.isAscending(one)).toBe(false);
        expect(staged.hasDeleted(one)).toBe(part.hasDeleted);
      }
    }
  });

  it("is of each table by itself, and begins again when it has been applied", () => {
    const [staged, one, other] = [new StagedTables(), table(1), table(2)];
    staged.add(one, rows(1, 5));
    staged.add(other, { ascending: null, hasDeleted: true });
    expect(staged.mappings).toEqual([one, other]);
    expect([staged.isAscending(one), staged.isAscending(other)]).toEqual([true, false]);
    staged.applied([one, other]);
    expect(staged.mappings).toEqual([]);
    expect([staged.isAscending(other), staged.hasDeleted(other)]).toEqual([false, false]);
    staged.add(other, rows(1, 5));
    expect(staged.isAscending(other)).toBe(true);
  });
});
