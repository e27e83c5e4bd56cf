import { setTimeout as delay } from "node:timers/promises";

/** Of the time that we hold a lock, so much more others have before we take it again. */
const TIMES = 5;
const LEAST_MS = 20;
const MOST_MS = 150;
const CONTENDED_MS = 1_000;

/**
 * With a rollback journal no commit gets past a reader, and a writer that met one sleeps before it looks again. So while others are
 * seen to be there (we met a lock of theirs within the last second), each snapshot of ours is followed by a time in which they have the file
 * to themselves. With a WAL readers meet no lock, and nothing is waited for.
 */
export class RoomForWriters {
  #metAt = Number.NEGATIVE_INFINITY;
  #freeFrom = Number.NEGATIVE_INFINITY;
  #isAlone = false;

  /** A lock of others was met. */
  met(): void {
    this.#metAt = performance.now();
  }

  /** A lock of ours was held for so long. */
  held(ms: number): void {
    if (this.isContended()) this.#freeFrom = performance.now() + Math.max(LEAST_MS, Math.min(MOST_MS, ms * TIMES));
  }

  isContended(): boolean {
    return performance.now() - this.#metAt < CONTENDED_MS;
  }

  hurry(isAlone: boolean): void {
    this.#isAlone = isAlone;
  }

  /** To be waited for before the next lock is taken. */
  async leave(): Promise<void> {
    // In steps: the fence may go up meanwhile, and nobody else write any more.
    for (;;) {
      const left = this.#freeFrom - performance.now();
      if (this.#isAlone || left < 1) return;
      await delay(Math.min(left, LEAST_MS));
    }
  }
}
