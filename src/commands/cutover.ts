import { cutOver } from "../cutover/cut-over.ts";
import type { CutoverResult, CutoverSettings } from "../cutover/cutover-run.ts";
import { finishCutover, finishedCutover } from "../cutover/finish-cutover.ts";
import { RefusedError } from "../errors.ts";
import type { Run } from "../model/run.ts";
import { refusePending } from "../run/begin-refusals.ts";
import { type Context, withSession } from "../run/context.ts";
import { mustLoad } from "../run/require-run.ts";
import { loadRun } from "../target/store/run-store.ts";
import type { TargetSession } from "../target/target.ts";

/** Cuts over, or finishes a cutover that was interrupted behind the switch. The session holds the run's lock. */
export async function verifyAndCutOver(
  context: Context,
  session: TargetSession,
  settings: CutoverSettings,
): Promise<CutoverResult> {
  const run = await mustLoad(session);
  // Another command may have cut over while this one waited for the lock.
  if (run.phase === "cut-over")
    return (await resultIfDone(context, session, run)) ?? finishCutover(context, session, run);
  if (run.phase !== "syncing") throw notSynced(run);
  await refusePending(context, session);
  return cutOver(context, session, run, settings);
}

/** What an earlier command cut over, and finished; null if there is something left to do. Takes no lock. */
export function cutoverDone(context: Context): Promise<CutoverResult | null> {
  return withSession(context, async (session) => {
    const run = await loadRun(session);
    return run === null ? null : resultIfDone(context, session, run);
  });
}

async function resultIfDone(context: Context, session: TargetSession, run: Run): Promise<CutoverResult | null> {
  if (run.phase !== "cut-over" || run.cutoverFinishedAt === null) return null;
  return finishedCutover(context, session, run);
}

function notSynced(run: Run): RefusedError {
  return new RefusedError({
    code: "NOT_SYNCED",
    message: run.captured
      ? `the run is ${run.phase}: a cutover needs a target that has caught up`
      : "this target was loaded by `changeover data`, without capture: there is nothing to cut over",
    hint: run.captured
      ? "`changeover sync --until caught-up` gets it there; `changeover full` does all in order"
      : "point the application to the target",
    context: { phase: run.phase },
  });
}
