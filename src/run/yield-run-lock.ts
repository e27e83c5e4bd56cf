import { setTimeout as delay } from "node:timers/promises";
import type { Phase } from "../model/run.ts";
import { releaseRunLock, tryRunLock, withdrawRunLockRequest } from "../target/store/run-lock.ts";
import { loadRun, setPhase } from "../target/store/run-store.ts";
import type { TargetSession } from "../target/target.ts";
import { mustLoad } from "./begin.ts";
import type { Context } from "./context.ts";

/** How a migration asks for the run: it is let in during the copy, too. */
export const MIGRATION = "migration";

/** Lets go of the run for another process and takes it up again when that one is done. */
export async function yieldRunLock(context: Context, session: TargetSession): Promise<Phase | null> {
  const asked = (await mustLoad(session)).lockRequestedBy;
  context.report({ kind: "step", message: `handing over to the ${asked ?? "other process"}` });
  await releaseRunLock(session);
  await delay(300);
  while (!(await tryRunLock(session))) {
    if (context.signal.aborted) break;
    await delay(100);
  }
  const run = await loadRun(session);
  if (run === null || run.phase === "rolling-back") return null;
  // A migration that was killed while it waited would be let in again and again; one that waits still asks again.
  if (asked === MIGRATION) await withdrawRunLockRequest(session, run.id, MIGRATION);
  if (run.phase === "cutting-over") await setPhase(session, run.id, "syncing");
  if (run.phase !== "cut-over") context.report({ kind: "step", message: "the run is back here: the sync goes on" });
  return run.phase;
}
