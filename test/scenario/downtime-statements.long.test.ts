import { expect, it } from "vitest";
import { downtimeStatements } from "../support/downtime-statements.ts";

it("as many statements refuse writes for 10 tables as for 1,000, in both directions", {
  timeout: 900_000,
}, async () => {
  const few = await downtimeStatements(10);
  const many = await downtimeStatements(1_000);
  expect(many.cutover.length).toBe(few.cutover.length);
  // Of up to 300 tables all are locked against TRUNCATE, of more those that changed: before the snapshot they are
  // asked for.
  expect(many.failback.length - few.failback.length).toBeLessThanOrEqual(2);
});
