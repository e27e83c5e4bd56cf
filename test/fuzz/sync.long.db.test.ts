import { mkdtempSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { temporaryDirectory } from "../support/source.ts";
import { emptyDatabase } from "../support/target.ts";
import { collectGarbage } from "./collect-garbage.ts";
import { Random } from "./random.ts";
import { fuzzSeeds } from "./seeds.ts";
import { renderPlan, shrinkPlan } from "./shrink-plan.ts";
import { randomPlan, type SyncPlan } from "./sync-plan.ts";
import { newTally, type SyncTally, syncTrial } from "./sync-trial.ts";
import { newTrace, saveTrace } from "./trace.ts";
import { Writers } from "./writers.ts";

const seeds = fuzzSeeds("sync", { usual: 4 });
const writers = new Writers(3);
afterAll(() => writers.end());

it("keeps the target at a committed state of the source, and ends equal, whatever is written, fails, " +
  "is cut off and dies", {
  timeout: seeds.timeout,
}, async () => {
  const home = temporaryDirectory();
  for (const seed of seeds.each()) {
    const plan = randomPlan(new Random(seed));
    const tally = newTally();
    newTrace();
    const wrong = await run(home, plan, tally);
    if (wrong !== null)
      expect.fail(
        `seed ${seed} (npm run fuzz -- --seed ${seed} --shrink; what it did: ` +
          `${saveTrace(seed)}): ${wrong}${seeds.shrinks ? await least(home, plan) : ""}`,
      );
    seeds.count({ ...tally });
    await collectGarbage();
  }
});

async function run(home: string, plan: SyncPlan, tally: SyncTally): Promise<string | null> {
  return syncTrial(
    { plan, directory: mkdtempSync(join(home, "trial-")), target: await emptyDatabase(), writers },
    tally,
  );
}

async function least(home: string, plan: SyncPlan): Promise<string> {
  const found = await shrinkPlan(plan, async (candidate) => {
    // A plan that lacks a table cannot be tried at all.
    const wrong = await run(home, candidate, newTally()).catch(() => null);
    return wrong !== null;
  });
  return `\n${renderPlan(found)}`;
}
