import { setTimeout as delay } from "node:timers/promises";
import { InterruptedError, RefusedError } from "../errors.ts";
import type { Run } from "../model/run.ts";
import { type MigrationConnection, openConnection } from "../schema/migrate/migration-connection.ts";
import { deferredAt } from "../target/deferred/deferred-objects.ts";
import { loadFailback } from "../target/store/failback-store.ts";
import { requestRunLock, tryRunLockInTransaction, withdrawRunLockRequest } from "../target/store/run-lock.ts";
import { loadRun } from "../target/store/run-store.ts";
import { loadTables } from "../target/store/table-store.ts";
import type { TargetReader } from "../target/target.ts";
import type { Context } from "./context.ts";
import { MIGRATION } from "./yield-run-lock.ts";

/** Takes the run's lock for as long as the transaction lasts; a running sync is asked to let go, which it does between two batches, or two pages of its copy. */
export async function lockRun(context: Context, tx: MigrationConnection, run: Run, patience: number): Promise<void> {
  if (await tryRunLockInTransaction(tx)) return;
  context.report({ kind: "step", message: "asking the running sync to hand over for the migration" });
  const beside = await openConnection(context.targetUrl);
  try {
    const deadline = performance.now() + patience;
    while (!(await tryRunLockInTransaction(tx))) {
      // Again and again: a sync that is just back takes the wish for that of one that it has let in.
      await requestRunLock(beside, run.id, MIGRATION);
      if (context.signal.aborted) throw new InterruptedError();
      if (performance.now() > deadline)
        throw run.phase === "new" || run.phase === "copying" ? buildingIndexes() : runBusy();
      await delay(50);
    }
  } finally {
    await withdrawRunLockRequest(beside, run.id, MIGRATION);
    await beside.close();
  }
}

/** The run that works on the target's tables, if there is one that migrations can disturb. */
export async function activeRun(target: TargetReader): Promise<Run | null> {
  const run = await loadRun(target);
  // A rollback that did not finish is no run to spare: its migrations may be mended, and undone by hand.
  if (run === null || run.phase === "rolling-back") return null;
  if (run.phase === "cut-over") return (await loadFailback(target, run.id))?.state === "enabled" ? run : null;
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
    hint: "apply it when the sync has caught up (`changeover status` shows how far it is); or stop the sync, apply it, and start the sync again, which goes on from where it was",
  });
}

function runBusy(): RefusedError {
  return new RefusedError({
    code: "RUN_LOCKED",
    message: "another changeover process is working on this run, and did not let go. Nothing was changed",
    hint: "`changeover status` shows what it is at; then run the same command again",
  });
}
