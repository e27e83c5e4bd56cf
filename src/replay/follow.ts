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
// ms. A server is asked by requests that it counts, and may bill: there a lone change is seen within a second.
const SHORTEST_PAUSE_MS = 4;
const LONGEST_PAUSE_MS = { file: 40, remote: 1_000 };
const GROWTH = 1.2;
const NOTE_EVERY_MS = 500;
const PAUSED_LOOK_MS = 200;

/** Replays the change log as it grows. Not `waitUntil`: it sets its own speed, and goes on. */
export async function follow(options: FollowOptions): Promise<Followed> {
  const follower = new Follower(options);
  for (;;) {
    const ended = await follower.step();
    if (ended !== null) return ended;
  }
}

type End = Pick<Followed, "ended" | "lockRequestedBy">;

class Follower {
  readonly #options: FollowOptions;
  readonly #pruning: Pruning;
  readonly #admit: ReturnType<typeof admitUnlessAsked>;
  #watermark: bigint;
  #pauseMs = SHORTEST_PAUSE_MS;
  #recordedAt = 0;
  #replayedAt = performance.now();

  constructor(options: FollowOptions) {
    this.#options = options;
    this.#watermark = options.watermark;
    this.#pruning = new Pruning(options);
    this.#admit = options.until === "stopped" ? admitUnlessAsked(options.session, options.run) : admitAlways;
  }

  /** A batch if there is one, and the pause behind it. Null: it goes on. */
  async step(): Promise<Followed | null> {
    const { isPaused, signal, until } = this.#options;
    if (signal?.aborted === true) {
      // Whoever waits for the catch-up must not go on as if it had happened.
      if (until === "caught-up") throw new InterruptedError();
      return this.#end({ ended: "stopped", lockRequestedBy: null });
    }
    if (isPaused?.() === true) return this.#rest();
    const batch = await this.#replay();
    if (batch instanceof RunAsked) return this.#end({ ended: "lock-requested", lockRequestedBy: batch.asker });
    const now = performance.now();
    const lockRequestedBy = await this.#record(batch, now);
    if (until === "caught-up") {
      if (batch === null || batch.entries < 1_000n) return this.#end({ ended: "caught-up", lockRequestedBy: null });
    } else if (lockRequestedBy !== null) {
      return this.#end({ ended: "lock-requested", lockRequestedBy });
    }
    if ((await this.#options.between?.(this.#watermark)) === "end")
      return this.#end({ ended: "asked", lockRequestedBy: null });
    await this.#pruning.step();
    await this.#pause(batch, now);
    return null;
  }

  #end(end: End): Followed {
    return { watermark: this.#watermark, ...end };
  }

  /** While the run is paused. */
  async #rest(): Promise<Followed | null> {
    const { between, run, session, signal, until } = this.#options;
    const asker = until === "stopped" ? await runLockRequester(session, run) : null;
    if (asker !== null) return this.#end({ ended: "lock-requested", lockRequestedBy: asker });
    if ((await between?.(this.#watermark)) === "end") return this.#end({ ended: "asked", lockRequestedBy: null });
    await pause(PAUSED_LOOK_MS, signal);
    return null;
  }

  /** Null: nothing was logged. */
  async #replay(): Promise<Batch | RunAsked | null> {
    const { source } = this.#options;
    try {
      // Where each look costs a writer of the application a sleep, the batch looks by itself.
      const last = source.isContended() ? null : await this.#admit((signal) => source.read(lastLogged, { signal }));
      // Ahead of the log: the batch's own check says so, in one place.
      if (last === this.#watermark) return null;
      const durable = this.#pruning.wantsDurable;
      return await replayBatch({ ...this.#options, admit: this.#admit, durable }, this.#watermark);
    } catch (error) {
      if (error instanceof RunAsked) return error;
      throw error;
    }
  }

  /** Returns who requests the run lock, as far as it was asked. */
  async #record(batch: Batch | null, now: number): Promise<string | null> {
    const { onBatch, run, session } = this.#options;
    if (batch === null) {
      if (now - this.#recordedAt <= NOTE_EVERY_MS) return null;
      const lockRequestedBy = await recordCaughtUp(session, run);
      this.#recordedAt = now;
      return lockRequestedBy;
    }
    this.#watermark = batch.watermark;
    this.#pruning.committed(batch.watermark);
    this.#recordedAt = now;
    this.#pauseMs = SHORTEST_PAUSE_MS;
    onBatch?.(batch);
    return batch.lockRequestedBy;
  }

  async #pause(batch: Batch | null, now: number): Promise<void> {
    const { rest, signal, source, until } = this.#options;
    if (batch === null) {
      await pause(this.#pauseMs, signal);
      this.#pauseMs = Math.min(LONGEST_PAUSE_MS[source.kind], this.#pauseMs * GROWTH);
      return;
    }
    await rest?.(batch.lastPass);
    const delayMs = delayBetween(batch.entries, now - this.#replayedAt);
    this.#replayedAt = now;
    const restMs = source.isContended() ? CONTENDED_REST_MS : delayMs;
    if (until === "stopped" && restMs > 0) await pause(restMs, signal);
  }
}
