import type { ProcessWorker } from "./process-worker.ts";

/** Longer than indexes of a gigabyte take. */
const KEEP_MS = 20_000;

/**
 * Processes that have looked at tables and that the copy will want in a moment, and after it the verification: starting
 * one takes a third of a second of processor.
 */
export class IdleWorkers {
  readonly #workers: ProcessWorker[] = [];
  #timer: NodeJS.Timeout | undefined;

  /** One that is still there, if any. It does nothing for anyone else then. */
  take(): ProcessWorker | undefined {
    for (let worker = this.#workers.pop(); worker !== undefined; worker = this.#workers.pop()) {
      if (worker.isThere) return worker;
      worker.close();
    }
    return undefined;
  }

  keep(worker: ProcessWorker): void {
    worker.rest();
    this.#workers.push(worker);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.close(), KEEP_MS);
  }

  close(): void {
    clearTimeout(this.#timer);
    for (const worker of this.#workers.splice(0)) worker.close();
  }
}
