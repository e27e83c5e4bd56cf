import { setTimeout as delay } from "node:timers/promises";

/** Holds work to a rate, in rows a second. */
export class Throttle {
  readonly #rate: number | null;
  readonly #started = performance.now();
  #spent = 0;

  constructor(rate: number | null) {
    this.#rate = rate;
  }

  /** Waits until so many more rows are within the rate. */
  async spend(rows: number, signal: AbortSignal): Promise<void> {
    if (this.#rate === null) return;
    this.#spent += rows;
    const due = this.#started + (this.#spent / this.#rate) * 1_000;
    const wait = due - performance.now();
    if (wait > 1) await delay(wait, undefined, { signal }).catch(() => {});
  }
}
