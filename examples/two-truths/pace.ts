import { setTimeout as delay, setImmediate as nextTurn } from "node:timers/promises";

/** Waits until the next transaction is due: `rate` of them a second, or at once when it is 0. */
export function pacer(rate: number, signal: AbortSignal | undefined): () => Promise<void> {
  const interval = rate > 0 ? 1000 / rate : 0;
  let due = performance.now();
  let turn = due;
  return async () => {
    // SQLite answers synchronously: without a turn of the event loop no signal would ever get through.
    if (performance.now() - turn > 10) {
      await nextTurn();
      turn = performance.now();
    }
    if (interval === 0) return;
    // Late timers are made up for; a long stall is not: users who had to wait do not click faster afterwards.
    due = Math.max(due + interval, performance.now() - 100);
    const ahead = due - performance.now();
    if (ahead >= 1) await pause(ahead, signal);
  };
}

/** Returns early when the signal comes. */
export async function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  await delay(ms, undefined, signal === undefined ? {} : { signal }).catch(() => {});
}
