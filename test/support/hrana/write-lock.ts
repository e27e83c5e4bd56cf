import type { HranaStream } from "./hrana-stream.ts";

/** One writer at a time, as sqld has it. Who holds the lock for too long while another waits is rolled back. */
export class WriteLock {
  readonly #timeoutMs: number;
  readonly #waiting: (() => void)[] = [];
  #holder: HranaStream | null = null;
  #since = 0;

  constructor(timeoutMs: number) {
    this.#timeoutMs = timeoutMs;
  }

  async acquire(stream: HranaStream): Promise<void> {
    while (this.#holder !== null && this.#holder !== stream) {
      const leftMs = this.#since + this.#timeoutMs - performance.now();
      if (leftMs <= 0) {
        const holder = this.#holder;
        holder.takeLock();
        this.release(holder);
        break;
      }
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, leftMs);
        this.#waiting.push(() => {
          clearTimeout(timer);
          resolve();
        });
      });
    }
    if (this.#holder === null) this.#since = performance.now();
    this.#holder = stream;
  }

  release(stream: HranaStream): void {
    if (this.#holder !== stream) return;
    this.#holder = null;
    this.#waiting.shift()?.();
  }
}
