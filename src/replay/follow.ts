import { InterruptedError } from "../errors.ts";
import { pause } from "../retry.ts";
import { lastLogged } from "../rows/log-entries.ts";
import { runLockRequester } from "../target/store/run-lock.ts";
import { recordCaughtUp } from "../target/store/run-store.ts";
import { admitAlways, admitUnlessAsked, RunAsked } from "./admission.ts";
import { CONTENDED_REST_MS, delayBetween } from "./delay-between.ts";
import { Pruning } from "./pruning.ts";
import type { Changes } from "./read-changes.ts";
import { type Batch, type ReplayOptions, replayBatch } from "./replay-batch.ts";

export interface FollowOptions extends Omit<ReplayOptions, "durable"> {
  readonly watermark: bigint;
  /**
   * Ends when the target has caught up once, and only then; or goes on until told to stop or until another process
   * requests the run lock.
   */
  readonly until: "caught-up" | "stopped";
  /** Entries above this are still needed by a verification under way. */
  readonly keepLogFrom?: () => bigint | null;
  readonly onBatch?: (batch: Batch) => void;
  readonly onPass?: (changes: Changes) => void;
  /** While it says so, nothing is replayed; requests of the run lock are answered all the same. */
  readonly isPaused?: () => boolean;
  /** Runs between two batches, while the session is free; ends the following where it says so. */
  readonly between?: (watermark: bigint) => Promise<"end" | undefined>;
}

export interface Followed {
  readonly watermark: bigint;
  readonly ended: "caught-up" | "stopped" | "lock-requested" | "asked";
  readonly lockRequestedBy: string | null;
}

// The pause grows while nothing happens, so that idling costs next to nothing and a lone change is still seen within 50
// ms.
const SHORTEST_PAUSE_MS = 4;
const LONGEST_PAUSE_MS = 40;
const GROWTH = 1.2;
const NOTE_EVERY_MS = 500;
const PAUSED_LOOK_MS = 200;

/** Replays the change log as it grows. Not `waitUntil`: it sets its own pace, and goes on. */
export async function follow(options: FollowOptions): Promise<Followed> {
  let { watermark } = options;
  let pauseMs = SHORTEST_PAUSE_MS;
  let recordedAt = 0;
  let replayed = performance.now();
  const pruning = new Pruning(options);
  const admit = options.until === "stopped" ? admitUnlessAsked(options.session, options.run) : admitAlways;
  for (;;) {
    if (options.signal?.aborted === true) {
      // Whoever waits for the catch-up must not go on as if it had happened.
      if (options.until === "caught-up") throw new InterruptedError();
      return { watermark, ended: "stopped", lockRequestedBy: null };
    }
    if (options.isPaused?.() === true) {
      const asker = options.until === "stopped" ? await runLockRequester(options.session, options.run) : null;
      if (asker !== null) return { watermark, ended: "lock-requested", lockRequestedBy: asker };
      if ((await options.between?.(watermark)) === "end") return { watermark, ended: "asked", lockRequestedBy: null };
      await pause(PAUSED_LOOK_MS, options.signal);
      continue;
    }
    let lockRequestedBy: string | null = null;
    let batch: Batch | null = null;
    try {
      // Where each look costs a writer of the application a sleep, the batch looks by itself.
      const last = options.source.isContended()
        ? null
        : await admit((signal) => options.source.read(lastLogged, { signal }));
      // Ahead of the log: the batch's own check says so, in one place.
      if (last !== watermark)
        batch = await replayBatch({ ...options, admit, durable: pruning.wantsDurable }, watermark);
    } catch (error) {
      if (!(error instanceof RunAsked)) throw error;
      return { watermark, ended: "lock-requested", lockRequestedBy: error.asker };
    }
    const now = performance.now();
    if (batch !== null) {
      watermark = batch.watermark;
      pruning.committed(watermark);
      lockRequestedBy = batch.lockRequestedBy;
      recordedAt = now;
      pauseMs = SHORTEST_PAUSE_MS;
      options.onBatch?.(batch);
    } else if (now - recordedAt > NOTE_EVERY_MS) {
      lockRequestedBy = await recordCaughtUp(options.session, options.run);
      recordedAt = now;
    }
    if (options.until === "caught-up") {
      if (batch === null || batch.entries < 1_000n) return { watermark, ended: "caught-up", lockRequestedBy: null };
    } else if (lockRequestedBy !== null) {
      return { watermark, ended: "lock-requested", lockRequestedBy };
    }
    if ((await options.between?.(watermark)) === "end") return { watermark, ended: "asked", lockRequestedBy: null };
    await pruning.step();
    if (batch !== null) {
      await options.rest?.(batch.lastPass);
      const fastPath = delayBetween(batch.entries, now - replayed);
      const rest = options.source.isContended() ? CONTENDED_REST_MS : fastPath;
      replayed = now;
      if (options.until === "stopped" && rest > 0) await pause(rest, options.signal);
    } else {
      await pause(pauseMs, options.signal);
      pauseMs = Math.min(LONGEST_PAUSE_MS, pauseMs * GROWTH);
    }
  }
}
