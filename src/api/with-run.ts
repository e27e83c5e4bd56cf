import type { Run } from "../model/run.ts";
import { type Context, withSession } from "../run/context.ts";
import { noRun } from "../run/require-run.ts";
import { prepareRunStore } from "../schema/migrate/prepare-run-store.ts";
import { loadRun } from "../target/store/run-store.ts";
import type { TargetSession } from "../target/target.ts";

/** Reads something of the run. Its store is migrated first: an older version had no quarantine. */
export function withRun<T>(context: Context, work: (session: TargetSession, run: Run) => Promise<T>): Promise<T> {
  return withSession(context, async (session) => {
    const run = await loadRun(session);
    if (run === null) throw noRun();
    await prepareRunStore(session, context.targetUrl);
    return work(session, run);
  });
}
