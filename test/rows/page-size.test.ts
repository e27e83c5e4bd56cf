import { describe, expect, it } from "vitest";
import { PageSize } from "../../src/rows/page-size.ts";

/** The size after pages of a table that takes so many ms a row. */
function settled(perRow: number, most = 20_000, share = 1): { readonly rows: number; readonly longest: number } {
  const size = new PageSize({ of: { kind: "file" }, first: 500, max: most, share: () => share });
  let longest = 0;
  for (let page = 0; page < 30; page++) {
    const durationMs = size.rows * perRow;
    if (page > 5) longest = Math.max(longest, durationMs);
    size.learn({ rows: size.rows, durationMs });
  }
  return { rows: size.rows, longest };
}

describe("the size of a page", () => {
  it("settles where a page takes half of 50 ms", () => {
    for (const perRow of [0.01, 0.1, 1, 10]) {
      const { rows, longest } = settled(perRow);
      expect(rows * perRow).toBeGreaterThan(15);
      expect(longest).toBeLessThanOrEqual(30);
    }
  });

  it("does not shrink to what fits between two turns of a busy machine's processors, up to eight times as long", () => {
    expect(settled(1, 20_000, 0.25).rows).toBe(100);
    expect(settled(1, 20_000, 0.01).rows).toBe(200);
  });

  it("is never more than it may be, nor less than one row", () => {
    expect(settled(0.000_1).rows).toBe(20_000);
    expect(settled(1_000).rows).toBe(1);
    expect(new PageSize({ of: { kind: "file" }, first: 500, max: 10, share: () => 1 }).rows).toBe(10);
  });

  it("shrinks at once when rows become heavy, and grows by no more than twice a page", () => {
    const size = new PageSize({ of: { kind: "file" }, first: 1_000, max: 20_000, share: () => 1 });
    size.learn({ rows: 1_000, durationMs: 100 });
    expect(size.rows).toBe(250);
    size.learn({ rows: 250, durationMs: 1 });
    expect(size.rows).toBe(500);
  });

  it("learns little from pages that are short for another reason", () => {
    const size = new PageSize({ of: { kind: "file" }, first: 1_000, max: 20_000, share: () => 1 });
    size.learn({ rows: 3, durationMs: 0 });
    expect(size.rows).toBe(1_000);
  });
});
