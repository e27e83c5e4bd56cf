import { setImmediate as nextTurn } from "node:timers/promises";
import { isBusy } from "./source-error.ts";

const TRY_EVERY_MS = 0.4;
/** The event loop is blocked for no longer than this. */
const THREAD_MS = 4;

/**
 * Retries a SQLite lock until it is free, or throws BUSY after `ms`. Two writers at full speed leave the file free for
 * fractions of a millisecond between commits. SQLite's own busy handler sleeps up to 100 ms between attempts and misses
 * these gaps: with a rollback journal a reader starved for minutes. An attempt costs about 0.05 ms.
 *
 * `attempt` must take the lock by `executeMultiple`: its statement is finished even after BUSY.
 */
export async function retryLock<T>(attempt: () => Promise<T>, ms: number, onBusy: () => void = () => {}): Promise<T> {
  const deadline = performance.now() + ms;
  let yieldAt = performance.now() + THREAD_MS;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (!isBusy(error)) throw error;
      onBusy();
      const now = performance.now();
      if (now > deadline) throw error;
      if (now > yieldAt) {
        await nextTurn();
        yieldAt = performance.now() + THREAD_MS;
      } else sleep(TRY_EVERY_MS);
    }
  }
}

const CELL = new Int32Array(new SharedArrayBuffer(4));

/** Timers cannot wait for a fraction of a millisecond. */
function sleep(ms: number): void {
  Atomics.wait(CELL, 0, 0, ms);
}
