import { announceCutover } from "../cutover/fence.ts";
import type { TargetSession } from "../db/target.ts";
import { loadWayBack } from "../db/way-back-store.ts";
import type { Run } from "../model/run.ts";
import { mustLoad } from "./begin.ts";
import type { Context } from "./context.ts";
import { presentRun } from "./failback-losses.ts";
import { followBack } from "./follow-back.ts";
import { handOver } from "./hand-over.ts";
import type { FollowUntil, SyncResult } from "./sync-until.ts";
import { returning } from "./way-back.ts";

/** After the cutover: keeps the source level with the target, until stopped or even. Others may have the run in between. */
export async function syncBack(
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
  if ((await loadWayBack(session, run.id))?.state !== "armed") return end("cut-over", run.phase);
  await announceCutover(context.source);
  context.report({
    kind: "step",
    message:
      "the target has taken over: changes made there are brought back to the source, which stays fenced for everyone else",
  });
  for (;;) {
    const present = await presentRun(session, run);
    const ended = await followBack(context, await returning(context, session, present.run), {
      until: options.until === "caught-up" ? "even" : "stopped",
      onBatch: ({ entries, rows }) => options.onBatch?.({ rows, entries, watermark: run.watermark, direction: "back" }),
    });
    if (ended !== "handover") return end(ended === "even" ? "caught-up" : "stopped", run.phase);
    const phase = await handOver(context, session);
    if (phase === null) return end("rolled-back", "new");
    if (phase !== "cut-over" || (await loadWayBack(session, run.id))?.state !== "armed")
      return end(phase === "returned" ? "returned" : "cut-over", (await mustLoad(session)).phase);
  }
}
