import { setImmediate as nextTurn } from "node:timers/promises";
import { isBusy } from "./source-error.ts";

const TRY_EVERY_MS = 0.4;
/** The thread is kept for no longer than that. */
const THREAD_MS = 4;

/**
 * Tries for a lock of SQLite's until it is got, or `ms` are over and BUSY is thrown. Two writers at full speed leave the file free for
 * fractions of a millisecond between two commits. SQLite's own waiting sleeps up to 100 ms between two looks, and comes upon none of these:
 * with a rollback journal a reader starved for minutes. A try costs some 0.05 ms.
 *
 * `attempt` must take the lock by `executeMultiple`, whose statement does not stay unfinished after BUSY.
 */
export async function winLock<T>(attempt: () => Promise<T>, ms: number, onBusy: () => void = () => {}): Promise<T> {
  const deadline = performance.now() + ms;
  let turn = performance.now() + THREAD_MS;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (!isBusy(error)) throw error;
      onBusy();
      const now = performance.now();
      if (now > deadline) throw error;
      if (now > turn) {
        await nextTurn();
        turn = performance.now() + THREAD_MS;
      } else sleep(TRY_EVERY_MS);
    }
  }
}

const CELL = new Int32Array(new SharedArrayBuffer(4));

/** Timers do not count fractions of a millisecond. */
function sleep(ms: number): void {
  Atomics.wait(CELL, 0, 0, ms);
}
