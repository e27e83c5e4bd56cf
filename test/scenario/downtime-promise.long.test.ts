import { it } from "vitest";
import { expectPromiseKept } from "../support/promise.ts";

it.each([10, 200])("--max-downtime is kept with %d tables", { timeout: 240_000 }, async (tables) => {
  await expectPromiseKept(tables, { budgetOfSuccessMs: 2_000 });
});

it("--max-downtime is kept with 1,000 tables, whatever becomes of the cutover", { timeout: 600_000 }, async () => {
  await expectPromiseKept(1_000, { budgetOfSuccessMs: 5_000 });
});
