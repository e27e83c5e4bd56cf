import { describe, expect, it } from "vitest";
import { allowsOwnRows, compareRanked, groupRows, type RankedRows } from "../../src/queries/compare-ranked.ts";
import type { TargetValue } from "../../src/queries/compare-rows.ts";
import { rankedQuery } from "../../src/queries/ranked-query.ts";

const number = (value: number): TargetValue[] => [{ text: String(value), type: "bigint" }];
/** 1 and 2 tie, then 3 and 4 and 5, then 6. */
const groups = groupRows([
  [1n, 1n],
  [2n, 1n],
  [3n, 2n],
  [4n, 2n],
  [5n, 2n],
  [6n, 3n],
]);
const allowed = (rows: Partial<RankedRows>, ...numbers: readonly number[]) =>
  compareRanked({ groups, count: null, offset: 0, ...rows }, numbers.map(number), { now: null }) === null;

describe("rows that ORDER BY does not tell apart", () => {
  it("may come in any order among themselves, and in no other", () => {
    expect(allowed({}, 2, 1, 5, 3, 4, 6)).toBe(true);
    expect(allowed({}, 1, 3, 2, 4, 5, 6)).toBe(false);
    expect(allowed({}, 1, 2, 3, 4, 6, 5)).toBe(false);
  });

  it("may be any of them at the edge of LIMIT and OFFSET, but none twice", () => {
    expect(allowed({ count: 3 }, 2, 1, 5)).toBe(true);
    expect(allowed({ count: 3 }, 1, 3, 4)).toBe(false);
    expect(allowed({ count: 4 }, 1, 2, 4, 4)).toBe(false);
    expect(allowed({ count: 3, offset: 1 }, 1, 5, 3)).toBe(true);
    expect(allowed({ count: 3, offset: 1 }, 3, 4, 5)).toBe(false);
    expect(allowed({ count: 2 }, 1)).toBe(false);
    expect(allowed({ offset: 6 })).toBe(true);
  });

  it("are only trusted where they allow what SQLite itself gave", () => {
    expect(allowsOwnRows({ groups, count: 3, offset: 0 }, [[1n], [2n], [4n]])).toBe(true);
    expect(allowsOwnRows({ groups, count: 3, offset: 0 }, [[1n], [4n], [2n]])).toBe(false);
    expect(allowsOwnRows({ groups, count: 3, offset: 0 }, [[1n], [2n]])).toBe(false);
  });
});

describe("the query for all rows that a statement may give", () => {
  const sqlOf = (sql: string, width = 2) => rankedQuery({ sql, parameters: [2n, 3n], width })?.sql ?? null;

  it("numbers the groups by the terms of ORDER BY, whatever these name", () => {
    expect(sqlOf("SELECT a, b AS k FROM t ORDER BY k DESC, 1, c COLLATE NOCASE LIMIT 2")).toContain(
      "SELECT a, b AS k, dense_rank() OVER (ORDER BY (b) DESC, (a), (c) COLLATE NOCASE) FROM t",
    );
    expect(sqlOf("SELECT a, b FROM t UNION SELECT c, d FROM u ORDER BY b LIMIT 2")).toContain(
      "dense_rank() OVER (ORDER BY changeover_2) FROM changeover_rows",
    );
    expect(sqlOf("SELECT a, b FROM t LIMIT ?1 OFFSET ?2")).toContain("SELECT *, 1 FROM (SELECT a, b FROM t");
  });

  it("is none where the order is not known, or there is none", () => {
    expect(sqlOf("SELECT a, b AS k FROM t ORDER BY k + 1")).toBeNull();
    expect(sqlOf("SELECT DISTINCT a, b FROM t ORDER BY c")).toBeNull();
    expect(sqlOf("SELECT a, b FROM t")).toBeNull();
    expect(rankedQuery({ sql: "SELECT a FROM t LIMIT ?1", parameters: ["2"], width: 1 })).toBeNull();
  });
});
