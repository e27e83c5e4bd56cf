import { setTimeout as delay } from "node:timers/promises";
import { lastLogged, pruneLog } from "../db/change-log.ts";
import { noteCaughtUp } from "../db/run-store.ts";
import { InterruptedError } from "../errors.ts";
import type { Changes } from "./read-changes.ts";
import { type Batch, type ReplayOptions, replayBatch } from "./replay-batch.ts";

export interface FollowOptions extends Omit<ReplayOptions, "durable"> {
  readonly watermark: bigint;
  /** Ends when the target has caught up once, and only then; or goes on until told to stop or asked to hand over. */
  readonly until: "caught-up" | "stopped";
  /** Entries above this are still needed by a verification under way. */
  readonly keepLogFrom?: () => bigint | null;
  readonly onBatch?: (batch: Batch) => void;
  readonly onPass?: (changes: Changes) => void;
  /** Runs between two batches, while the session is free. */
  readonly between?: (watermark: bigint) => Promise<void>;
}

export interface Followed {
  readonly watermark: bigint;
  readonly ended: "caught-up" | "stopped" | "handover";
  readonly handover: string | null;
}

// Polling costs 18 µs in SQLite; the pause grows while nothing happens.
const SHORTEST_PAUSE_MS = 4;
const LONGEST_PAUSE_MS = 20;
const NOTE_EVERY_MS = 500;
const PRUNE_EVERY_MS = 2_000;
// A check in another process may still ask what was logged since the watermark that it saw.
const KEEP_LOG_MS = 30_000;

/** Replays the change log as it grows. */
export async function follow(options: FollowOptions): Promise<Followed> {
  let { watermark } = options;
  let pause = SHORTEST_PAUSE_MS;
  let noted = 0;
  const pruning = new Pruning(options);
  for (;;) {
    if (options.signal?.aborted === true) {
      // Whoever waits for the catch-up must not go on as if it had happened.
      if (options.until === "caught-up") throw new InterruptedError();
      return { watermark, ended: "stopped", handover: null };
    }
    const last = await options.source.read(lastLogged);
    // Ahead of the log: the batch's own check says so, in one place.
    const batch = last === watermark ? null : await replayBatch({ ...options, durable: pruning.wantsDurable() }, watermark);
    let handover: string | null = null;
    const now = performance.now();
    if (batch !== null) {
      watermark = batch.watermark;
      pruning.committed(watermark);
      handover = batch.handover;
      noted = now;
      pause = SHORTEST_PAUSE_MS;
      options.onBatch?.(batch);
    } else if (now - noted > NOTE_EVERY_MS) {
      handover = await noteCaughtUp(options.session, options.run);
      noted = now;
    }
    if (options.until === "caught-up") {
      if (batch === null || batch.entries < 1_000n) return { watermark, ended: "caught-up", handover: null };
    } else if (handover !== null) {
      return { watermark, ended: "handover", handover };
    }
    await options.between?.(watermark);
    await pruning.step();
    if (batch !== null) await options.rest?.(batch.lastPass);
    else {
      await delay(pause, undefined, { signal: options.signal }).catch(() => {});
      pause = Math.min(LONGEST_PAUSE_MS, pause * 1.5);
    }
  }
}

/** Keeps the change log short: only behind commits that survive a crash of the server, and in small steps. */
class Pruning {
  readonly #options: FollowOptions;
  #durable: { readonly watermark: bigint; readonly at: number }[] = [];
  #asked = 0;
  #wants = false;

  constructor(options: FollowOptions) {
    this.#options = options;
  }

  /** Now and then one commit waits for the disk; it covers all before it. */
  wantsDurable(): boolean {
    const now = performance.now();
    if (now - this.#asked < PRUNE_EVERY_MS) return false;
    this.#asked = now;
    this.#wants = true;
    return true;
  }

  committed(watermark: bigint): void {
    if (!this.#wants) return;
    this.#wants = false;
    this.#durable.push({ watermark, at: performance.now() });
  }

  async step(): Promise<void> {
    const old = performance.now() - KEEP_LOG_MS;
    const newest = this.#durable.findLast(({ at }) => at < old);
    if (newest === undefined) return;
    const floor = this.#options.keepLogFrom?.() ?? null;
    const through = floor !== null && floor < newest.watermark ? floor : newest.watermark;
    const more = await pruneLog(this.#options.source, through);
    if (!more) this.#durable = this.#durable.filter(({ at }) => at >= old);
  }
}
