/** What the locks of the source cost, on either side, since the process began. For people; it decides nothing. */
export class LoadMeter {
  #lockWaitMs = 0;
  #longestMs = 0;

  /** Time that this process waited for locks of others, ms. */
  get lockWaitMs(): number {
    return this.#lockWaitMs;
  }

  waitedForLock(durationMs: number): void {
    this.#lockWaitMs += durationMs;
  }

  /** A write of the application waited for us, or would have: as long as we held the lock for writers, ms. */
  applicationWaited(durationMs: number): void {
    this.#longestMs = Math.max(this.#longestMs, durationMs);
  }

  /** The longest such wait since the last call, ms. */
  takeLongestWait(): number {
    const longest = this.#longestMs;
    this.#longestMs = 0;
    return longest;
  }
}
