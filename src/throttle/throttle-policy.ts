/** What may show that the application, or the target, has to wait. */
export interface LoadSignal {
  /** One row written to the source as an application does, a snapshot of a server, or a commit at the target. */
  readonly kind: "write" | "read" | "commit";
  /** ms. */
  readonly durationMs: number;
}

/** Rows brought over, and how long the source's snapshot for them was open, ms. */
export interface Work {
  readonly rows: number;
  readonly durationMs: number;
}

export interface ThrottlePolicyOptions {
  /** Rows a second at most; null is no limit. */
  readonly maxRate: number | null;
}

const MIN_SHARE = 1 / 8;
const REGAINED_PER_SECOND = 1 / 8;
// What comes in one burst is one sign.
const BURST_MS = 250;
const MAX_PAUSE_MS = 2_000;
const TIMES_TYPICAL = 4;
/** Shorter than that is no sign of anything, ms. */
export const NEVER_SLOW_MS = { write: 100, read: 100, commit: 200 };
/** An application that has not written for so long has no writes that would wait for us, ms. */
export const IDLE_AFTER_MS = 5_000;

/**
 * How fast to go. Work takes all of the time, until an application that writes has to wait: its writes, or the target's
 * commits, take four times the usual. Each such signal halves the share, down to an eighth; each second without one
 * gives an eighth back. While no application writes there is nobody to make room for.
 *
 * A lock of the source that is not got is no signal: who waits for it does nothing that could be done slower
 * (`RoomForWriters` sees to those who write).
 *
 * After every piece of work comes the rest that the share asks for, or the one that the rate does, whichever is longer.
 * Knows no clock: `now` is given, ms.
 */
export class ThrottlePolicy {
  #maxRate: number | null;
  readonly #typical = { write: new TypicalDuration(), read: new TypicalDuration(), commit: new TypicalDuration() };
  #share = 1;
  #regainedAt = 0;
  #overloadedAt = Number.NEGATIVE_INFINITY;
  #wroteAt = Number.NEGATIVE_INFINITY;
  #due = 0;

  constructor(options: ThrottlePolicyOptions) {
    this.#maxRate = options.maxRate;
  }

  /** The application was seen to write. */
  applicationWrote(now: number): void {
    this.#wroteAt = now;
  }

  /** From here on; null lifts the limit. */
  setMaxRate(maxRate: number | null): void {
    this.#maxRate = maxRate;
    this.#due = 0;
  }

  /** The share of the time that work may take, from 1/8 to 1. */
  shareAt(now: number): number {
    if (!this.#isApplicationWriting(now)) return 1;
    return Math.min(1, this.#share + (Math.max(0, now - this.#regainedAt) / 1_000) * REGAINED_PER_SECOND);
  }

  /** Returns whether it was taken for overload. What is usual is learned in any case. */
  observe(loadSignal: LoadSignal, now: number): boolean {
    const isSlow = this.#typical[loadSignal.kind].exceededBy(loadSignal.durationMs, NEVER_SLOW_MS[loadSignal.kind]);
    if (!isSlow || !this.#isApplicationWriting(now) || now - this.#overloadedAt < BURST_MS) return false;
    this.#share = Math.max(MIN_SHARE, this.shareAt(now) / 2);
    this.#regainedAt = now;
    this.#overloadedAt = now;
    return true;
  }

  /** How long to rest after a piece of work, ms. */
  rest(work: Work, now: number): number {
    return Math.max(this.delayOfRate(work, now), Math.min(MAX_PAUSE_MS, work.durationMs * (1 / this.shareAt(now) - 1)));
  }

  /** The same for work that only grows when it is put off, as replay's does: the rate holds, the share does not. */
  delayOfRate(work: Work, now: number): number {
    if (this.#maxRate === null) return 0;
    // Time not used is not saved up, or an idle hour would be followed by a burst.
    this.#due = Math.max(this.#due, now - work.durationMs) + (work.rows / this.#maxRate) * 1_000;
    return Math.max(0, this.#due - now);
  }

  #isApplicationWriting(now: number): boolean {
    return now - this.#wroteAt < IDLE_AFTER_MS;
  }
}

/**
 * A slowly moving mean; what exceeds it counts as no more than the bound, so that one outlier does not become the
 * usual.
 */
class TypicalDuration {
  #mean: number | null = null;

  exceededBy(durationMs: number, boundMs: number): boolean {
    const bound = Math.max(boundMs, TIMES_TYPICAL * (this.#mean ?? durationMs));
    const counted = Math.min(durationMs, bound);
    this.#mean = this.#mean === null ? counted : this.#mean + (counted - this.#mean) * 0.05;
    return durationMs > bound;
  }
}
