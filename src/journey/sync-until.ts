import { clearHandover, loadRun, setPhase } from "../db/run-store.ts";
import type { TargetSession } from "../db/target.ts";
import { unlock, tryLock } from "../db/run-store.ts";
import { setTimeout as delay } from "node:timers/promises";
import type { Phase } from "../model/run.ts";
import { renderCount } from "../status/render-count.ts";
import { mustLoad } from "./begin.ts";
import { type CheckResult, check } from "./check.ts";
import { type Context, persistently } from "./context.ts";
import { followWith, replaying } from "./sync.ts";

export interface SyncResult {
  readonly watermark: bigint;
  readonly ended: "caught-up" | "stopped" | "cut-over" | "returned" | "rolled-back";
  readonly phase: Phase;
  /** After the cutover changes flow from the target to the source. */
  readonly direction: "forward" | "back";
}

export interface FollowUntil {
  readonly until?: "stopped" | "caught-up";
  readonly onBatch?: (batch: SyncedBatch) => void;
}

export interface SyncedBatch {
  readonly rows: number;
  readonly watermark: bigint;
  /** Of a batch on the way back: the log entries that it answered. */
  readonly entries?: number | bigint;
  readonly direction?: "back";
}

/**
 * Keeps the target in sync. A cutover or rollback in another process is given the run; if the cutover
 * is undone, the sync goes on.
 */
export async function followUntil(context: Context, session: TargetSession, options: FollowUntil): Promise<SyncResult> {
  for (;;) {
    const before = await mustLoad(session);
    if (before.phase === "cut-over") return { watermark: before.watermark, ended: "cut-over", phase: before.phase, direction: "forward" };
    const { watermark, ended } = await followWith(context, await replaying(context, session), { until: options.until ?? "stopped", ...(options.onBatch === undefined ? {} : { onBatch: options.onBatch }) });
    if (ended !== "handover") return { watermark, ended, phase: (await mustLoad(session)).phase, direction: "forward" };
    const after = await handOver(context, session);
    if (after === null) return { watermark, ended: "rolled-back", phase: "new", direction: "forward" };
    if (after === "cut-over") return { watermark, ended: "cut-over", phase: "cut-over", direction: "forward" };
  }
}

/** Follows until stopped, and meanwhile compares everything once, as `check` beside it would. */
export async function verifyAndFollow(context: Context, session: TargetSession): Promise<{ readonly check: CheckResult; readonly sync: SyncResult }> {
  const following = persistently(context, (again) => followUntil(context, again, { until: "stopped" }), session);
  following.catch(() => {});
  const checked = await Promise.race([check(context), following.then(() => null)]);
  if (checked !== null) context.report({ kind: "step", message: `${renderCount(checked.rows, "row")} compared: ${renderCount(checked.differences, "difference")}. In sync until stopped; next: changeover cutover` });
  const sync = await following;
  return { check: checked ?? { ok: false, rows: 0, differences: 0, unsettled: 0, quarantined: 0, tables: [] }, sync };
}

/** Lets go of the run for another process and takes it up again when that one is done. */
export async function handOver(context: Context, session: TargetSession): Promise<Phase | null> {
  const asked = (await mustLoad(session)).handover;
  context.report({ kind: "step", message: `handing over to the ${asked ?? "other process"}` });
  await unlock(session);
  await delay(300);
  while (!(await tryLock(session))) {
    if (context.signal.aborted) break;
    await delay(100);
  }
  const run = await loadRun(session);
  if (run === null) return null;
  // Whoever asked may have been killed, and would be asked after for ever.
  if (asked !== null) await clearHandover(session, run.id, asked);
  if (run.phase === "cutting-over") await setPhase(session, run.id, "syncing");
  if (run.phase !== "cut-over") context.report({ kind: "step", message: "the run is back here: the sync goes on" });
  return run.phase;
}
