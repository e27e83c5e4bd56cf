import { setTimeout as delay } from "node:timers/promises";

/** Others get this multiple of the time that we held a lock. */
const PAUSE_FACTOR = 5;
const MIN_PAUSE_MS = 20;
const MAX_PAUSE_MS = 150;
const CONTENDED_MS = 1_000;

/**
 * Leaves the file to the application's writers after each of our snapshots, if it has a rollback journal. There no
 * commit gets past a reader, and a blocked writer sleeps before it retries.
 *
 * The pause applies only if we met a lock of others within the last second. With a WAL, readers meet no lock and
 * nothing waits.
 */
export class RoomForWriters {
  #metAt = Number.NEGATIVE_INFINITY;
  #freeFrom = Number.NEGATIVE_INFINITY;
  #isAlone = false;

  /** Call this after meeting a lock of another process. */
  met(): void {
    this.#metAt = performance.now();
  }

  /** Call this after releasing a lock that we held for `ms`. */
  held(ms: number): void {
    if (this.isContended())
      this.#freeFrom = performance.now() + Math.max(MIN_PAUSE_MS, Math.min(MAX_PAUSE_MS, ms * PAUSE_FACTOR));
  }

  isContended(): boolean {
    return performance.now() - this.#metAt < CONTENDED_MS;
  }

  setSoleWriter(isAlone: boolean): void {
    this.#isAlone = isAlone;
  }

  /** Wait for this before taking the next lock. */
  async leave(): Promise<void> {
    // Wait in steps: once the fence is up, nobody else writes and the pause ends.
    for (;;) {
      const left = this.#freeFrom - performance.now();
      if (this.#isAlone || left < 1) return;
      await delay(Math.min(left, MIN_PAUSE_MS));
    }
  }
}
