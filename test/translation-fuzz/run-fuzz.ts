import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openTarget } from "../../src/target/target.ts";
import { type Tally, trial } from "./trial.ts";

export interface FuzzOptions {
  /** An empty database. */
  readonly url: string;
  readonly seed: number;
  /** How many expressions and queries are to be compared at least. */
  readonly count: number;
  readonly expressions?: number;
  readonly queries?: number;
  readonly stopAtFaults?: number;
  readonly report?: (tally: Tally, seed: number) => void;
}

/** Trials of one seed after the other, until enough was compared. */
export async function fuzzTranslations(options: FuzzOptions): Promise<Tally> {
  const { count, expressions = 200, queries = 100, report, seed, stopAtFaults = 20, url } = options;
  const tally: Tally = { tried: 0, compared: 0, faults: [] };
  const folder = mkdtempSync(join(tmpdir(), "changeover-"));
  const target = openTarget({ url });
  try {
    const session = await target.session();
    for (let turn = seed; tally.compared < count && tally.faults.length < stopAtFaults; turn += 1) {
      await trial(turn, { path: join(folder, `${turn}.db`), session, expressions, queries }, tally);
      report?.(tally, turn);
    }
    return tally;
  } finally {
    await target.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
