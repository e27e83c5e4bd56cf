import { expect, it } from "vitest";
import type { Tuple } from "../../src/model/key.ts";
import { CountedRanges } from "../../src/verify/counted-ranges.ts";

const at = (value: number): Tuple => [{ type: "integer", value: String(value) }];

it("counts all that was reached while each page is a range of its own", () => {
  expect(new CountedRanges(true).upTo(at(500))).toBe(500n);
});

it("counts as far as the first page that was compared by its values, whichever was noted first", () => {
  const counted = new CountedRanges(true);
  counted.endAt(at(300));
  counted.endAt(at(200));
  counted.endAt(at(400));
  expect(counted.upTo(at(500))).toBe(200n);
});

it("counts nothing where the very first page was one, or pages are no ranges, or nothing was reached", () => {
  const counted = new CountedRanges(true);
  counted.endAt(at(300));
  counted.endAt(null);
  expect(counted.upTo(at(500))).toBeNull();
  expect(new CountedRanges(false).upTo(at(500))).toBeNull();
  expect(new CountedRanges(true).upTo(null)).toBeNull();
});

it("counts nothing by a key that is no integer", () => {
  const counted = new CountedRanges(true);
  expect(counted.upTo([{ type: "text", hex: "61" }])).toBeNull();
  counted.endAt([{ type: "text", hex: "61" }]);
  expect(counted.upTo(at(500))).toBeNull();
});
