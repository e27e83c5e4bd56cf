import { captureOwner, removeCapture } from "../capture/install.ts";
import { failBack } from "../failback/fail-back.ts";
import type { FailbackResult, FailbackSettings } from "../failback/failback-result.ts";
import type { Run } from "../model/run.ts";
import type { Context } from "../run/context.ts";
import { emptyTarget } from "../run/empty-target.ts";
import { noRun } from "../run/require-run.ts";
import { foreignRun } from "../run/source-refusals.ts";
import { countUndoable, undoMigrations } from "../run/undo-migrations.ts";
import { deleteRun, loadRun, setPhase } from "../target/store/run-store.ts";
import type { TargetSession } from "../target/target.ts";

export type RollbackResult =
  | ({ readonly kind: "undone" } & UndoneResult)
  | ({ readonly kind: "returned" } & FailbackResult);

export interface UndoneResult {
  readonly ok: true;
  /** Objects removed from the source. */
  readonly removed: readonly string[];
  /** Migrations undone in the target. */
  readonly migrationsUndone: readonly string[];
}

/**
 * Before the cutover, and again after a return: the source as it was, the target's tables as `down` leaves them, and no
 * run. In between the failback is gone.
 */
export async function rollBack(
  context: Context,
  session: TargetSession,
  settings: FailbackSettings,
): Promise<RollbackResult> {
  const run = await loadRun(session);
  if (run === null) throw noRun();
  if (run.phase === "cut-over") return { kind: "returned", ...(await failBack(context, session, run, settings)) };
  return { kind: "undone", ok: true, ...(await undoRun(context, session, run)) };
}

/**
 * Each step can be done again, and the run itself goes last: whatever fails or is killed on the way, the same command
 * goes on. What can be refused is refused before the first step.
 */
async function undoRun(context: Context, session: TargetSession, run: Run): Promise<Omit<UndoneResult, "ok">> {
  const owner = await context.source.read(captureOwner);
  if (owner !== null && owner.run !== run.id) {
    throw foreignRun(run.source, owner);
  }
  const count = await countUndoable(context, session);
  await setPhase(session, run.id, "rolling-back");
  // The source first: if this is killed here, the application is free of us.
  const removed = owner === null ? [] : await removeCapture(context.source);
  await emptyTarget(session, run);
  const migrationsUndone = await undoMigrations(context, count);
  await session.transaction((tx) => deleteRun(tx, run.id));
  return { removed, migrationsUndone };
}
