import type { FollowSchema } from "../model/held-table.ts";
import type { Phase } from "../model/run.ts";
import type { Followed } from "../replay/follow.ts";
import type { TargetSession } from "../target/target.ts";
import type { Context } from "./context.ts";
import { SchemaFollower } from "./follow-schema/schema-follower.ts";
import { schemaWaits } from "./follow-schema/schema-waits.ts";
import { mustLoad } from "./require-run.ts";
import { resync } from "./resync/resync.ts";
import { followWith, replaying, unfinishedResyncs } from "./sync.ts";
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
  /** What becomes of a change of the source's schema. Default: `write`. */
  readonly followSchema?: FollowSchema;
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
  const policy = options.followSchema ?? "write";
  const follower = new SchemaFollower(context, session, policy);
  try {
    await stepped(follower);
    for (;;) {
      const ended = await followOnce(context, session, follower, { ...options, followSchema: policy });
      if (ended !== "again") return ended;
    }
  } finally {
    await follower.close();
  }
}

async function followOnce(
  context: Context,
  session: TargetSession,
  follower: SchemaFollower,
  options: FollowUntil,
): Promise<SyncResult | "again"> {
  const before = await mustLoad(session);
  if (before.phase === "cut-over")
    return { watermark: before.watermark, ended: "cut-over", phase: before.phase, direction: "forward" };
  const unfinished = await unfinishedResyncs(session, before);
  if (unfinished.length > 0) await resync(context, session, unfinished, { besidePending: true });
  const followed = await followFlowing(context, session, follower, options).catch(async (error: unknown) => {
    if (await follower.takes(error)) return null;
    throw error;
  });
  if (followed === null) return "again";
  const { watermark, ended } = followed;
  if (ended === "asked") {
    await stepped(follower);
    return "again";
  }
  if (ended === "caught-up") {
    if (await hasRejoined(session, follower)) return "again";
    const { held } = await mustLoad(session);
    if (held.length > 0) throw schemaWaits(held);
  }
  if (ended !== "lock-requested")
    return { watermark, ended, phase: (await mustLoad(session)).phase, direction: "forward" };
  // What is compared meanwhile may be changed by whoever comes.
  await follower.close();
  const after = await yieldRunLock(context, session);
  if (after === null) return { watermark, ended: "rolled-back", phase: "new", direction: "forward" };
  if (after === "cut-over") return { watermark, ended: "cut-over", phase: "cut-over", direction: "forward" };
  return "again";
}

async function followFlowing(
  context: Context,
  session: TargetSession,
  follower: SchemaFollower,
  options: FollowUntil,
): Promise<Followed> {
  const replay = await replaying(context, session, { withoutHeld: options.followSchema !== "stop" });
  // What was learned since the run was read.
  const run = await mustLoad(session);
  return followWith(context, replay, {
    until: options.until ?? "stopped",
    isToEnd: () => follower.isDue(run, replay.drift.known.version),
    ...(options.onBatch === undefined ? {} : { onBatch: options.onBatch }),
  });
}

/** Whether tables that waited flow again, so that there is more to catch up with. */
async function hasRejoined(session: TargetSession, follower: SchemaFollower): Promise<boolean> {
  const { held } = await mustLoad(session);
  if (held.length === 0) return false;
  await stepped(follower);
  // A comparison goes on next to a sync; here nothing else is left to do.
  await follower.ends();
  await stepped(follower);
  return (await mustLoad(session)).held.length < held.length;
}

/** The source may have changed once more meanwhile: then that is noticed first. */
async function stepped(follower: SchemaFollower): Promise<void> {
  try {
    await follower.step();
  } catch (error) {
    if (!(await follower.takes(error))) throw error;
  }
}
