import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { expect, it } from "vitest";
import { temporaryDirectory } from "../support/source.ts";
import { emptyDatabase, query } from "../support/target.ts";
import { collectGarbage } from "./collect-garbage.ts";
import { fuzzSeeds } from "./seeds.ts";
import { type SyncTally, syncTrial } from "./sync-trial.ts";

const seeds = fuzzSeeds("sync", { usual: 3 });

it("keeps the target at a committed state of the source, and ends equal, whatever is written, stopped and cut off", { timeout: seeds.timeout }, async () => {
  const directory = temporaryDirectory();
  const tally: SyncTally = { statements: 0, restarts: 0, terminations: 0, reads: 0, refused: 0 };
  for (const seed of seeds.each()) {
    const own = join(directory, String(seed));
    mkdirSync(own);
    const target = await emptyDatabase();
    const wrong = await Promise.race([syncTrial({ seed, directory: own, target, steps: 120 }, tally), watchdog(target)]);
    if (wrong !== null) expect.fail(`seed ${seed}: ${wrong}`);
    await collectGarbage();
  }
  expect(tally.reads).toBeGreaterThan(0);
});

/** A trial takes some seconds. One that hangs says what its sessions are at. */
async function watchdog(url: string): Promise<string> {
  await delay(60_000, undefined, { ref: false });
  const sessions = await query<object>(url, "select application_name, state, wait_event, left(query, 200) as query from pg_stat_activity where datname = current_database()");
  return `it hangs, with these sessions at the target: ${JSON.stringify(sessions)}`;
}
