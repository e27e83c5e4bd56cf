import type { Run } from "../model/run.ts";
import type { Context } from "../run/context.ts";
import type { FollowUntil, SyncResult } from "../run/follow-until.ts";
import { mustLoad } from "../run/require-run.ts";
import { yieldRunLock } from "../run/yield-run-lock.ts";
import { announceCutover } from "../source/fence/fence.ts";
import { loadFailback } from "../target/store/failback-store.ts";
import type { TargetSession } from "../target/target.ts";
import { openFailback } from "./failback-session.ts";
import { followFailback } from "./follow-failback.ts";
import { presentRun } from "./present-run.ts";

/**
 * After the cutover: keeps the source level with the target, until stopped or even. Others may have the run in between.
 */
export async function syncFailback(
  context: Context,
  session: TargetSession,
  run: Run,
  options: FollowUntil,
): Promise<SyncResult> {
  const end = (ended: SyncResult["ended"], phase: Run["phase"]): SyncResult => ({
    watermark: run.watermark,
    ended,
    phase,
    direction: "back",
  });
  if ((await loadFailback(session, run.id))?.state !== "enabled") return end("cut-over", run.phase);
  await announceCutover(context.source);
  context.report({
    kind: "step",
    message:
      "the target has taken over: changes made there are brought back to the source, which stays fenced " +
      "for everyone else",
  });
  for (;;) {
    const present = await presentRun(session, run);
    const ended = await followFailback(context, await openFailback(context, session, present.run), {
      until: options.until ?? "stopped",
      onBatch: ({ entries, rows }) => options.onBatch?.({ rows, entries, watermark: run.watermark, direction: "back" }),
    });
    if (ended !== "lock-requested") return end(ended, run.phase);
    const phase = await yieldRunLock(context, session);
    if (phase === null) return end("rolled-back", "new");
    if (phase !== "cut-over" || (await loadFailback(session, run.id))?.state !== "enabled")
      return end(phase === "returned" ? "returned" : "cut-over", (await mustLoad(session)).phase);
  }
}
