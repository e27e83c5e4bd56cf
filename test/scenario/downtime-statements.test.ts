import { expect, it } from "vitest";
import { downtimeStatements } from "../support/downtime-statements.ts";

it("as many statements refuse writes for 5 tables as for 45, in both directions", { timeout: 240_000 }, async () => {
  const few = await downtimeStatements(5);
  const many = await downtimeStatements(45);
  expect(many.cutover.length).toBe(few.cutover.length);
  expect(many.failback.length).toBe(few.failback.length);
});
