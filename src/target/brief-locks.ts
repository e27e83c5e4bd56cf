import { evenly, withRetry } from "../retry.ts";
import type { TargetSession, TargetTransaction } from "./target.ts";
import { sqlState } from "./target-error.ts";

// Shorter than PostgreSQL's deadlock_timeout of a second: in a deadlock with the application, we give way first.
const LOCK_SLICES_MS = [200, 300, 400, 600, 800];
const LOCK_NOT_AVAILABLE = "55P03";
const DEADLOCK = "40P01";

export interface BriefLocks {
  /** How long to retry, ms. */
  readonly lockWaitMs: number;
  /** Makes the error to throw when the time is over. */
  readonly busy: (cause: unknown) => Error;
}

/**
 * Runs a transaction that locks tables which others write to. It gives up a lock soon and retries, since others queue
 * behind a waiting lock.
 *
 * `began`: start of the successful attempt (performance.now()).
 */
export async function withBriefLocks<T>(
  session: TargetSession,
  { lockWaitMs, busy }: BriefLocks,
  work: (tx: TargetTransaction) => Promise<T>,
): Promise<{ readonly result: T; readonly began: number }> {
  const deadline = performance.now() + lockWaitMs;
  let attempt = 0;
  const once = async () => {
    const began = performance.now();
    const slice = LOCK_SLICES_MS[Math.min(attempt++, LOCK_SLICES_MS.length - 1)];
    const result = await session.transaction(async (tx) => {
      await tx.run(`set local lock_timeout = ${slice}`);
      return work(tx);
    });
    return { result, began };
  };
  return withRetry(once, {
    delays: evenly(0),
    retryIf(error) {
      const state = sqlState(error);
      if (state !== LOCK_NOT_AVAILABLE && state !== DEADLOCK) return false;
      if (performance.now() > deadline) throw busy(error);
      return true;
    },
  });
}
