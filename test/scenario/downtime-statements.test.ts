import { expect, it } from "vitest";
import { downtimeStatements } from "../support/downtime-statements.ts";

// On a busy machine a look at requests, which others may make, can fall into one of the four downtimes: hence again.
const OPTIONS = { timeout: 240_000, retry: 2 };

it("as many statements refuse writes for 5 tables as for 45, in both directions", OPTIONS, async () => {
  const few = await downtimeStatements(5);
  const many = await downtimeStatements(45);
  expect(many.cutover.length).toBe(few.cutover.length);
  expect(many.failback.length).toBe(few.failback.length);
});
