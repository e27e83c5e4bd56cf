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
  /** Of each rare kind in a trial. */
  readonly rare?: number;
  readonly stopAtFaults?: number;
  readonly report?: (tally: Tally, seed: number) => void;
}

/** Whether a row of table a passes a CHECK. */
const HOLDS = `create function pg_temp.holds(row_id bigint, test text) returns boolean language plpgsql as $$
  declare
    answer boolean;
  begin
    execute format('select (%s) is not false from a where id = $1', test) into answer using row_id;
    return answer;
  exception when others then
    return false;
  end $$`;

/** Trials of one seed after the other, until enough was compared. */
export async function fuzzTranslations(options: FuzzOptions): Promise<Tally> {
  const { count, expressions = 200, queries = 100, rare = 8, report, seed, stopAtFaults = 20, url } = options;
  const tally: Tally = { tried: 0, compared: 0, faults: [], rare: new Map() };
  const folder = mkdtempSync(join(tmpdir(), "changeover-"));
  const target = openTarget({ url });
  try {
    const session = await target.session();
    await session.run(HOLDS);
    for (let turn = seed; tally.compared < count && tally.faults.length < stopAtFaults; turn += 1) {
      await trial(turn, { path: join(folder, `${turn}.db`), session, expressions, queries, rare }, tally);
      report?.(tally, turn);
    }
    return tally;
  } finally {
    await target.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
