import type { Phase } from "../model/run.ts";
import type { TargetSession } from "../target/target.ts";
import type { Context } from "./context.ts";
import { mustLoad } from "./require-run.ts";
import { followWith, replaying } from "./sync.ts";
import { yieldRunLock } from "./yield-run-lock.ts";

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
  /** Of a batch on the failback: the log entries that it answered. */
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
    if (before.phase === "cut-over")
      return { watermark: before.watermark, ended: "cut-over", phase: before.phase, direction: "forward" };
    const { watermark, ended } = await followWith(context, await replaying(context, session), {
      until: options.until ?? "stopped",
      ...(options.onBatch === undefined ? {} : { onBatch: options.onBatch }),
    });
    if (ended !== "lock-requested")
      return { watermark, ended, phase: (await mustLoad(session)).phase, direction: "forward" };
    const after = await yieldRunLock(context, session);
    if (after === null) return { watermark, ended: "rolled-back", phase: "new", direction: "forward" };
    if (after === "cut-over") return { watermark, ended: "cut-over", phase: "cut-over", direction: "forward" };
  }
}
