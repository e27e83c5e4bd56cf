import type { Phase } from "../model/run.ts";
import { pause, waitUntil } from "../retry.ts";
import { releaseRunLock, tryRunLock, withdrawRunLockRequest } from "../target/store/run-lock.ts";
import { loadRun, setPhase } from "../target/store/run-store.ts";
import type { TargetSession } from "../target/target.ts";
import type { Context } from "./context.ts";
import { mustLoad } from "./require-run.ts";

/** How a migration asks for the run: it is let in during the copy, too. */
export const MIGRATION = "migration";

/** Long enough for the process that requested the lock to take it. */
const LET_IN_MS = 300;

/** Yields the run lock to another process, and takes it again when that one is done. */
export async function yieldRunLock(context: Context, session: TargetSession): Promise<Phase | null> {
  const asked = (await mustLoad(session)).lockRequestedBy;
  context.report({ kind: "step", message: `handing over to the ${asked ?? "other process"}` });
  await releaseRunLock(session);
  await pause(LET_IN_MS);
  await waitUntil(() => tryRunLock(session), { everyMs: 100, signal: context.signal });
  const run = await loadRun(session);
  if (run === null || run.phase === "rolling-back") return null;
  // A migration that was killed while it waited would be let in again and again; one that waits still asks again.
  if (asked === MIGRATION) await withdrawRunLockRequest(session, run.id, MIGRATION);
  if (run.phase === "cutting-over") await setPhase(session, run.id, "syncing");
  if (run.phase !== "cut-over") context.report({ kind: "step", message: "the run is back here: the sync goes on" });
  return run.phase;
}
