import type { LockWait } from "../throttle/throttle.ts";
import { type LoadSignal, NEVER_SLOW_MS, type Work } from "../throttle/throttle-policy.ts";

/** That much work is told of at once, ms, as long as no rest follows from it. */
const SEND_EVERY_MS = 100;
/** Waits for locks that come to less are told of later, ms. */
const TELL_LOCK_WAIT_MS = 50;
/** Of those that show nothing, for what is usual. */
const ONE_SIGNAL_OF = 8;

/** What is counted, and of what. */
type Count = readonly (string | number)[];

/**
 * What a process tells its parent of its work, no more often than a throttle and a display need. Each message costs the
 * parent a buffer of 64 KB next to what it says, so that it collected garbage thirty times in a copy of three seconds:
 * 0.6 s of a processor.
 */
export class MessageThrottle {
  #work: Work = { rows: 0, durationMs: 0 };
  #mustRest = false;
  #signals = 0;
  #count: Count | null = null;
  #lockWaitMs = 0;
  #countedAt = Number.NEGATIVE_INFINITY;

  /** Whether to report a sign. */
  isWorthSending(loadSignal: LoadSignal | LockWait): boolean {
    return (
      loadSignal.kind === "busy" ||
      loadSignal.kind === "lock" ||
      loadSignal.durationMs > NEVER_SLOW_MS[loadSignal.kind] ||
      this.#signals++ % ONE_SIGNAL_OF === 0
    );
  }

  /** Time waited for a lock, ms, with what was not told of yet; null until it is worth telling. */
  lockWait(durationMs: number): number | null {
    this.#lockWaitMs += durationMs;
    if (this.#lockWaitMs < TELL_LOCK_WAIT_MS) return null;
    const waited = this.#lockWaitMs;
    this.#lockWaitMs = 0;
    return waited;
  }

  /**
   * Asks for a rest, if it is time. `ask` says whether there was one; then every piece of work is followed by a
   * question.
   */
  async rest(
    work: Work,
    { always, ask }: { readonly always: boolean; readonly ask: (work: Work) => Promise<boolean> },
  ): Promise<void> {
    this.#work = { rows: this.#work.rows + work.rows, durationMs: this.#work.durationMs + work.durationMs };
    if (!always && !this.#mustRest && this.#work.durationMs < SEND_EVERY_MS) return;
    const reported = this.#work;
    this.#work = { rows: 0, durationMs: 0 };
    this.#mustRest = await ask(reported);
  }

  /** Adds to what is counted; returns it if it is time to tell. */
  count(more: Count, now: number): Count | null {
    const before = this.#count;
    this.#count =
      before === null
        ? more
        : more.map((value, index) => (typeof value === "number" ? value + Number(before[index]) : value));
    return now - this.#countedAt < SEND_EVERY_MS ? null : this.counted(now);
  }

  /** What was counted and not told. */
  counted(now: number): Count | null {
    const count = this.#count;
    this.#count = null;
    this.#countedAt = now;
    return count;
  }
}
