import fc from "fast-check";
import { expect, it } from "vitest";
import { expected, lifeOf, type Step } from "./life-of-migrations.ts";

const step: fc.Arbitrary<Step> = fc.record({
  by: fc.constantFrom("ours", "theirs"),
  command: fc.constantFrom("up", "up", "down", "redo"),
  count: fc.integer({ min: 1, max: 15 }),
});

it("migrations are applied and undone in the order of the files, by any tool, in any portions", {
  timeout: 900_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 5 }), async (steps) => {
      const life = await lifeOf(25);
      try {
        let applied = 0;
        for (const given of [{ by: "ours", command: "up", count: 12 } as const, ...steps]) {
          const { applied: after, done } = expected(life.names, applied, given);
          expect(await life.run(given), JSON.stringify(given)).toEqual(done);
          applied = after;
          expect(await life.state()).toEqual({
            applied: life.names.slice(0, applied),
            tables: life.names.slice(0, applied),
          });
        }
      } finally {
        await life.close();
      }
    }),
    { numRuns: 10 },
  );
});
