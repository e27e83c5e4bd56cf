import { pause } from "../retry.ts";
import type { Context } from "../run/context.ts";
import { recordFailbackCaughtUp } from "../target/store/failback-store.ts";
import { loadRun } from "../target/store/run-store.ts";
import { anyChange } from "./capture/target-changes.ts";
import { type FailbackBatch, failbackBatch } from "./failback-batch.ts";
import type { FailbackSession } from "./failback-session.ts";

export interface FollowFailbackOptions {
  /** `caught-up` ends it as soon as the source equals a recent snapshot of the target. */
  readonly until: "stopped" | "caught-up";
  readonly onBatch?: (batch: FailbackBatch) => void;
}

const POLL_EVERY_MS = 100;
const RECORD_EVERY_MS = 1_000;
const PAUSED_LOOK_MS = 200;
/** What a batch takes that has next to nothing to bring. */
const SHORTEST_MS = 100;
const SHORT_MS = 1_000;
/** Of the time of the batch before. */
const SHORTER = 0.8;
// By then it will not come nearer.
const MAX_ROUNDS = 20;

/**
 * Brings changes of the target to the source, batch by batch, until stopped, or until another process requests the run
 * lock.
 */
export async function followFailback(
  context: Context,
  openFailback: FailbackSession,
  options: FollowFailbackOptions,
): Promise<"caught-up" | "stopped" | "lock-requested"> {
  const { run, session, tables } = openFailback;
  const mappings = tables.map(({ mapping }) => mapping);
  let recordedAt = Number.NEGATIVE_INFINITY;
  let before = Number.POSITIVE_INFINITY;
  for (let round = 1; ; round++) {
    if (context.signal.aborted) return "stopped";
    if (context.throttle.isPaused && options.until === "stopped") {
      if ((await loadRun(session))?.lockRequestedBy != null) return "lock-requested";
      await pause(PAUSED_LOOK_MS, context.signal);
      continue;
    }
    const started = performance.now();
    const batch = (await anyChange(session, mappings)) ? await applyBatch(context, openFailback) : null;
    if (batch !== null) options.onBatch?.(batch);
    const durationMs = performance.now() - started;
    if (options.until === "caught-up" && (batch === null || isNear({ durationMs, before }) || round >= MAX_ROUNDS)) {
      await recordFailbackCaughtUp(session, run.id);
      return "caught-up";
    }
    before = durationMs;
    if (performance.now() - recordedAt > RECORD_EVERY_MS) {
      recordedAt = performance.now();
      if (!(await anyChange(session, mappings))) await recordFailbackCaughtUp(session, run.id);
      if ((await loadRun(session))?.lockRequestedBy != null) return "lock-requested";
    }
    // What is written meanwhile would have to be brought, too.
    if (options.until === "caught-up") continue;
    await pause(POLL_EVERY_MS, context.signal);
  }
}

/**
 * A batch brings the source to the snapshot at which it began, and the application writes meanwhile. What it writes
 * during a batch is work of the next one; the last one runs behind the fence. So batches go on while each is notably
 * shorter than the one before.
 */
export function isNear({ before, durationMs }: { readonly before: number; readonly durationMs: number }): boolean {
  return durationMs < SHORTEST_MS || (durationMs < SHORT_MS && durationMs > before * SHORTER);
}

/** One batch. */
export async function applyBatch(
  context: Context,
  { run, session, tables, checkSource, losses, onSchemaChange }: FailbackSession,
  lockWaitMs?: number,
): Promise<FailbackBatch | null> {
  const batch = await failbackBatch({
    run: run.id,
    source: context.source,
    session,
    tables,
    checkSource,
    onSchemaChange,
    ...(lockWaitMs === undefined ? {} : { lockWaitMs }),
  });
  for (const loss of batch?.losses ?? []) losses.note(loss);
  return batch;
}
