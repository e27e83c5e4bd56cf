import { setTimeout as delay } from "node:timers/promises";
import { TargetError } from "../errors.ts";
import type { Pulse } from "./target-pulse.ts";

const SILENCE_MS = 4_000;
const LOOK_AGAIN_MS = 1_000;
const SIGNS_OF_DEATH = 3;

/**
 * Tells whether the connection of a session is alive, and fails what waits for it when it is not.
 *
 * postgres.js never settles a COPY whose connection ends while bytes are being sent (3.4.9). And a connection can die
 * without notice, when a router forgets it or the server loses power: TCP would notice after 15 minutes. So after some
 * seconds of silence, the backend process is looked up through another connection.
 */
export class Liveness {
  readonly #location: string;
  readonly #feelPulse: () => Promise<Pulse>;
  readonly #waiting = new Set<(error: Error) => void>();
  #alive = true;
  #answers = 0;
  #watching = false;

  constructor(location: string, feelPulse: () => Promise<Pulse>) {
    this.#location = location;
    this.#feelPulse = feelPulse;
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
      const answered = () => {
        this.#waiting.delete(reject);
        this.#answers++;
      };
      work.then(
        (value) => {
          answered();
          resolve(value);
        },
        (error: unknown) => {
          answered();
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
    let heard = this.#answers;
    let signs = 0;
    while (this.#alive && this.#waiting.size > 0 && signs < SIGNS_OF_DEATH) {
      await delay(signs === 0 ? SILENCE_MS : LOOK_AGAIN_MS, undefined, { ref: false });
      const silent = () => heard === this.#answers && this.#waiting.size > 0 && this.#alive;
      const pulse = silent() ? await this.#feelPulse() : "working";
      signs = !silent() || pulse === "working" ? 0 : pulse === "gone" ? SIGNS_OF_DEATH : signs + 1;
      heard = this.#answers;
    }
    this.#watching = false;
    if (signs >= SIGNS_OF_DEATH) this.end();
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
