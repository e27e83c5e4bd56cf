import { InterruptedError, RefusedError } from "../errors.ts";
import type { Run } from "../model/run.ts";
import { waitUntil } from "../retry.ts";
import { type MigrationConnection, openConnection } from "../schema/migrate/migration-connection.ts";
import { deferredAt } from "../target/deferred/deferred-objects.ts";
import { loadFailback } from "../target/store/failback-store.ts";
import { requestRunLock, tryRunLockInTransaction, withdrawRunLockRequest } from "../target/store/run-lock.ts";
import { loadRun } from "../target/store/run-store.ts";
import { loadTables } from "../target/store/table-store.ts";
import type { TargetReader } from "../target/target.ts";
import type { Context } from "./context.ts";
import { MIGRATION } from "./yield-run-lock.ts";

/**
 * Takes the run lock for as long as the transaction lasts. It is requested of a running sync, which yields it between
 * two batches, or two pages of its copy.
 */
export async function lockRun(context: Context, tx: MigrationConnection, run: Run, patience: number): Promise<void> {
  if (await tryRunLockInTransaction(tx)) return;
  context.report({ kind: "step", message: "requesting the run lock from the running sync for the migration" });
  const auxiliary = await openConnection(context.targetUrl);
  try {
    const hasLock = await waitUntil(
      async () => {
        if (await tryRunLockInTransaction(tx)) return true;
        // Each time: a sync that has just come back takes the request for that of the process that it let in.
        await requestRunLock(auxiliary, run.id, MIGRATION);
        return false;
      },
      { everyMs: 50, timeoutMs: patience, signal: context.signal },
    );
    if (hasLock) return;
    if (context.signal.aborted) throw new InterruptedError();
    throw run.phase === "new" || run.phase === "copying" ? buildingIndexes() : runBusy();
  } finally {
    await withdrawRunLockRequest(auxiliary, run.id, MIGRATION);
    await auxiliary.close();
  }
}

/** The run that works on the target's tables, if there is one that migrations can disturb. */
export async function activeRun(target: TargetReader): Promise<Run | null> {
  const run = await loadRun(target);
  // A rollback that did not finish is no run to spare: its migrations may be mended, and undone by hand.
  if (run === null || run.phase === "rolling-back") return null;
  if (run.phase === "cut-over" || run.phase === "returned") {
    const state = (await loadFailback(target, run.id))?.state;
    if (run.phase === "cut-over") return state === "enabled" ? run : null;
    // The application stays on the source: nothing follows the target's tables any more.
    if (state === "completed") return null;
  }
  if (run.captured) return run;
  // What `data` has loaded needs nothing any more.
  const unfinished =
    (await loadTables(target, run.id)).some(({ done }) => !done) ||
    (await deferredAt(target, run.id, ["copied", "caught-up", "cutover"])).length > 0;
  return unfinished ? run : null;
}

function buildingIndexes(): RefusedError {
  return new RefusedError({
    code: "RUN_COPYING",
    message:
      "the run is just bringing back what its copy took off the tables, which takes its time. Nothing was changed",
    hint:
      "apply it when the sync has caught up (`changeover status` shows how far it is); or stop the sync, " +
      "apply it, and start the sync again, which goes on from where it was",
  });
}

function runBusy(): RefusedError {
  return new RefusedError({
    code: "RUN_LOCKED",
    message: "another changeover process is working on this run, and did not yield its lock. Nothing was changed",
    hint: "`changeover status` shows what it is at; then run the same command again",
  });
}
