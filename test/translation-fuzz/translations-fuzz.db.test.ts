import { expect, it } from "vitest";
import { emptyDatabase } from "../support/target.ts";
import { fuzzTranslations } from "./run-fuzz.ts";

// The long count is in translations-fuzz.long.db.test.ts.
it("finds no difference between SQLite and PostgreSQL in random expressions, conditions and views", async () => {
  const { compared, faults, tried } = await fuzzTranslations({ url: await emptyDatabase(), seed: 1, count: 1_500 });
  expect(faults).toEqual([]);
  // Enough has a translation to be worth the name of a test.
  expect(compared / tried).toBeGreaterThan(0.3);
});
