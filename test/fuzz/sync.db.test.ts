import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { temporaryDirectory } from "../support/source.ts";
import { emptyDatabase } from "../support/target.ts";
import { fuzzSeeds } from "./seeds.ts";
import { type SyncTally, syncTrial } from "./sync-trial.ts";

const { first, milliseconds, only } = fuzzSeeds(20);

it("keeps the target at a committed state of the source, and ends equal, whatever is written, stopped and cut off", { timeout: milliseconds + 120_000 }, async () => {
  const deadline = performance.now() + milliseconds;
  const directory = temporaryDirectory();
  const tally: SyncTally = { statements: 0, restarts: 0, terminations: 0, reads: 0, refused: 0 };
  let seed = first;
  for (; performance.now() < deadline; seed++) {
    const own = join(directory, String(seed));
    mkdirSync(own);
    const wrong = await syncTrial({ seed, directory: own, target: await emptyDatabase(), steps: 120 }, tally);
    if (wrong !== null) expect.fail(`seed ${seed}: ${wrong}`);
    if (only) break;
  }
  console.info(`sync: seeds ${first} to ${seed - 1}, ${JSON.stringify(tally)}`);
  expect(tally.reads).toBeGreaterThan(0);
});
