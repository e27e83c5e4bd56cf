import { describe, it } from "vitest";
import { expectPromiseKept } from "../support/promise.ts";

describe("--max-downtime", () => {
  it.each([40])("is kept with %d tables, whatever becomes of the cutover", { timeout: 120_000 }, async (tables) => {
    await expectPromiseKept(tables, { budgetOfSuccessMs: 2_000 });
  });
});
