import { afterAll, expect, it } from "vitest";
import { fuzzStatements } from "./fuzz-statements.ts";

// The long count is in fuzz-statements.long.db.test.ts.
it("finds no false `same`, and no translation of a random statement with another result", async () => {
  const { checked, faults, verdicts } = await fuzzStatements(afterAll, 1, 150);
  expect(faults).toEqual([]);
  expect(checked).toBeGreaterThan(8);
  expect(verdicts["rewritten"]).toBeGreaterThan(3);
});
