import type { TargetSession, TargetTransaction } from "./target.ts";
import { sqlState } from "./target-error.ts";

// Below PostgreSQL's deadlock_timeout of a second: should the application hold one table and want another, we let go
// first.
const LOCK_SLICES_MS = [200, 300, 400, 600, 800];
const LOCK_NOT_AVAILABLE = "55P03";
const DEADLOCK = "40P01";

export interface BriefLocks {
  /** For so long it is tried again. */
  readonly patienceMs: number;
  /** The error for when that was not enough. */
  readonly busy: (cause: unknown) => Error;
}

/**
 * A transaction that locks tables which others write to: it gives up soon and tries again, since others wait behind it.
 * Says when the attempt began that succeeded (performance.now()).
 */
export async function withBriefLocks<T>(
  session: TargetSession,
  { patienceMs, busy }: BriefLocks,
  work: (tx: TargetTransaction) => Promise<T>,
): Promise<{ readonly result: T; readonly began: number }> {
  const deadline = performance.now() + patienceMs;
  for (let attempt = 0; ; attempt++) {
    const began = performance.now();
    try {
      const result = await session.transaction(async (tx) => {
        await tx.run(`set local lock_timeout = ${LOCK_SLICES_MS[Math.min(attempt, LOCK_SLICES_MS.length - 1)]}`);
        return work(tx);
      });
      return { result, began };
    } catch (error) {
      const state = sqlState(error);
      if (state !== LOCK_NOT_AVAILABLE && state !== DEADLOCK) throw error;
      if (performance.now() > deadline) throw busy(error);
    }
  }
}
