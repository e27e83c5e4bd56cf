import { setTimeout as delay } from "node:timers/promises";
import { TargetError } from "../errors.ts";
import type { BackendState } from "./backend-state.ts";

const SILENCE_MS = 4_000;
const RETRY_MS = 1_000;
const MAX_MISSES = 3;

/**
 * Tells whether the connection of a session is alive, and fails what waits for it when it is not.
 *
 * postgres.js never settles a COPY whose connection ends while bytes are being sent (3.4.9). And a connection can die
 * without notice, when a router forgets it or the server loses power: TCP would notice after 15 minutes. So after some
 * seconds of silence, the backend process is looked up through another connection.
 */
export class Liveness {
  readonly #location: string;
  readonly #lookUpBackend: () => Promise<BackendState>;
  readonly #waiting = new Set<(error: Error) => void>();
  #alive = true;
  #answers = 0;
  #watching = false;

  constructor(location: string, lookUpBackend: () => Promise<BackendState>) {
    this.#location = location;
    this.#lookUpBackend = lookUpBackend;
  }

  get alive(): boolean {
    return this.#alive;
  }

  end(): void {
    this.#alive = false;
    // The server's own error says more and is about to arrive, so let it settle first.
    setTimeout(() => {
      for (const reject of this.#waiting) reject(lostError(this.#location));
      this.#waiting.clear();
    }, 20);
  }

  /** Settles like `work`, or fails once the connection is lost. */
  guard<T>(work: PromiseLike<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#waiting.add(reject);
      const settled = () => {
        this.#waiting.delete(reject);
        this.#answers++;
      };
      work.then(
        (value) => {
          settled();
          resolve(value);
        },
        (error: unknown) => {
          settled();
          reject(error);
        },
      );
      if (!this.#alive) this.end();
      else void this.#watch();
    });
  }

  /** One watch at a time, while something waits. */
  async #watch(): Promise<void> {
    if (this.#watching) return;
    this.#watching = true;
    let lastAnswer = this.#answers;
    let misses = 0;
    while (this.#alive && this.#waiting.size > 0 && misses < MAX_MISSES) {
      await delay(misses === 0 ? SILENCE_MS : RETRY_MS, undefined, { ref: false });
      const isSilent = () => lastAnswer === this.#answers && this.#waiting.size > 0 && this.#alive;
      const pulse = isSilent() ? await this.#lookUpBackend() : "working";
      misses = !isSilent() || pulse === "working" ? 0 : pulse === "gone" ? MAX_MISSES : misses + 1;
      lastAnswer = this.#answers;
    }
    this.#watching = false;
    if (misses >= MAX_MISSES) this.end();
  }
}

export function lostError(location: string): TargetError {
  return new TargetError({
    code: "TARGET_LOST",
    message: `the connection to ${location} was lost`,
    hint: "run the same command again: it continues where it stopped",
    context: { location },
  });
}
