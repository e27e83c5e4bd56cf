import { RefusedError } from "../errors.ts";
import { inTime } from "../in-time.ts";
import { endBackend } from "../target/backend-state.ts";
import { loadRun } from "../target/store/run-store.ts";
import type { CutoverRun } from "./cutover-run.ts";

// What is left of the five seconds to ask a new connection how the commit ended.
const OUTCOME_MS = 2_000;

/**
 * Whether the target has taken over, where the commit's answer was lost. Throws CUTOVER_UNKNOWN if it cannot be asked.
 */
export async function askOutcome(cutover: CutoverRun): Promise<boolean> {
  try {
    return await inTime(() => isCutOver(cutover), OUTCOME_MS);
  } catch (cause) {
    throw new RefusedError({
      code: "CUTOVER_UNKNOWN",
      message:
        "the target was lost during its commit, so whether it took over is not known; the " +
        "source stays fenced, since two databases that both take writes would be worse",
      hint:
        "as soon as the target answers again, run `changeover cutover`: it finds out, and either finishes " +
        "or takes the fence down",
      cause,
    });
  }
}

async function isCutOver({ context, replay: { session: lost } }: CutoverRun): Promise<boolean> {
  const fresh = await context.target.session();
  try {
    // The server may still be at that commit: until it has ended, "not yet" is no answer.
    if (!(await endBackend(fresh, lost.backend)))
      throw new RefusedError({
        code: "TARGET_BUSY",
        message: "the target is still at work for the connection that was lost",
        hint: "run the same command again in a moment",
      });
    return (await loadRun(fresh))?.phase === "cut-over";
  } finally {
    await fresh.close();
  }
}
