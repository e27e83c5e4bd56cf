import { expect, it } from "vitest";
import { TargetError } from "../../src/errors.ts";
import { bisectRejected } from "../../src/target/bisect-rejected.ts";
import type { RowRejection } from "../../src/target/row-rejection.ts";

it.each([
  { title: "names the line of", namesLine: true },
  { title: "does not name the line of", namesLine: false },
])("brings in all rows but the rejected ones where PostgreSQL $title a rejected row", async ({ namesLine }) => {
  for (const bad of [[], [0], [9], [4], [0, 1, 2], [3, 7], [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]]) {
    const { rejected, taken } = await send(10, bad, namesLine);
    expect(rejected).toEqual(bad);
    expect(taken).toEqual(Array.from({ length: 10 }, (_, row) => row).filter((row) => !bad.includes(row)));
  }
});

it("finds one rejected row of a thousand in two dozen attempts at most", async () => {
  for (const bad of [0, 1, 499, 500, 998, 999]) {
    expect((await send(1_000, [bad], false)).attempts).toBeLessThanOrEqual(24);
    expect((await send(1_000, [bad], true)).attempts).toBeLessThanOrEqual(5);
  }
});

it("stays below three attempts a row where all rows are rejected", async () => {
  const all = Array.from({ length: 256 }, (_, row) => row);
  for (const namesLine of [true, false]) expect((await send(256, all, namesLine)).attempts).toBeLessThan(3 * 256);
});

it("survives a line that is not among the rows sent", async () => {
  const { rejected } = await send(8, [5], true, () => 99);
  expect(rejected).toEqual([5]);
});

async function send(rows: number, bad: readonly number[], namesLine: boolean, lineOf = (line: number) => line) {
  const rejected: number[] = [];
  const taken: number[] = [];
  let attempts = 0;
  await bisectRejected(rows, {
    attempt: async ({ from, to }) => {
      attempts++;
      const first = bad.find((row) => row >= from && row < to);
      if (first !== undefined) return rejection(namesLine ? lineOf(first - from + 1) : null);
      for (let row = from; row < to; row++) taken.push(row);
      return null;
    },
    onRejected: async (row) => void rejected.push(row),
  });
  return { rejected, taken, attempts };
}

function rejection(line: number | null): RowRejection {
  const error = new TargetError({ code: "TARGET_FAILED", message: "rejected", hint: "" });
  return { line, column: null, reason: "rejected", error };
}
