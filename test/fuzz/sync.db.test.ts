import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { temporaryDirectory } from "../support/source.ts";
import { emptyDatabase } from "../support/target.ts";
import { collectGarbage } from "./collect-garbage.ts";
import { Random } from "./random.ts";
import { fuzzSeeds } from "./seeds.ts";
import { randomPlan } from "./sync-plan.ts";
import { type SyncTally, syncTrial } from "./sync-trial.ts";
import { Writers } from "./writers.ts";

const seeds = fuzzSeeds("sync", { usual: 6 });
const writers = new Writers(3);
afterAll(() => writers.end());

it("keeps the target at a committed state of the source, and ends equal, whatever is written, fails, is cut off and dies", { timeout: seeds.timeout }, async () => {
  const directory = temporaryDirectory();
  for (const seed of seeds.each()) {
    const own = join(directory, String(seed));
    mkdirSync(own);
    const tally: SyncTally = { statements: 0, refused: 0, starts: 0, deaths: 0, faults: 0, "writers killed": 0, "target commits": 0, checks: 0, cutovers: 0, "ended by a NULL key": 0 };
    const wrong = await syncTrial({ plan: randomPlan(new Random(seed)), directory: own, target: await emptyDatabase(), writers }, tally);
    if (wrong !== null) expect.fail(`seed ${seed} (npm run fuzz -- --seed ${seed}): ${wrong}`);
    seeds.count({ ...tally });
    await collectGarbage();
  }
});
