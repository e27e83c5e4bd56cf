import { mkdtempSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { temporaryDirectory } from "../support/source.ts";
import { emptyDatabase } from "../support/target.ts";
import { killTrial } from "./kill-trial.ts";
import { Random } from "./random.ts";
import { fuzzSeeds } from "./seeds.ts";
import { Writers } from "./writers.ts";

const seeds = fuzzSeeds("kill", { usual: 1 });
const writers = new Writers(3);
afterAll(() => writers.end());

it("survives any number of kills of the command under several writers at once", {
  timeout: seeds.timeout,
}, async () => {
  const home = temporaryDirectory();
  for (const seed of seeds.each()) {
    const tally = { statements: 0, kills: 0, looks: 0, "ended by a NULL key": 0 };
    const wrong = await killTrial(
      {
        random: new Random(seed),
        directory: mkdtempSync(join(home, "trial-")),
        target: await emptyDatabase(),
        writers,
      },
      tally,
    );
    if (wrong !== null) expect.fail(`seed ${seed} (npm run fuzz -- --only kill --seed ${seed}): ${wrong}`);
    seeds.count(tally);
  }
});
