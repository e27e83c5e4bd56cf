import { expect, it } from "vitest";
import { delayBetween } from "../../src/replay/delay-between.ts";

it.each([
  ["few changes", 1n, 40, 15],
  ["a thousand changes a second", 30n, 30, 15],
  ["three thousand a second", 120n, 40, 80],
  ["three thousand a second, after a long rest", 330n, 110, 80],
  ["more than it can keep up with", 20_000n, 500, 0],
])("a sync rests between two batches, %s", (_, entries, elapsed, rest) => {
  expect(delayBetween(entries, elapsed)).toBe(rest);
});
