import { setTimeout as delay } from "node:timers/promises";
import { TargetError } from "../errors.ts";
import type { Pulse } from "./target-pulse.ts";

const SILENCE_MS = 4_000;
const LOOK_AGAIN_MS = 1_000;
const SIGNS_OF_DEATH = 3;

/**
 * Whether the connection of a session stands. postgres.js leaves a COPY unanswered for ever when the connection ends while bytes
 * are on their way (3.4.9), so whatever waits is told here. And a connection can die without a word: a router forgot
 * it, the other machine lost its power. TCP would notice after a quarter of an hour, so after seconds of silence the pulse of
 * the server's process is felt by way of another connection.
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
    // The error of the server itself says more, and is just about to be told.
    setTimeout(() => {
      for (const reject of this.#waiting) reject(lostError(this.#location));
      this.#waiting.clear();
    }, 20);
  }

  /** Settles as `work` does, or fails once the connection is gone. */
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

  /** One watch at a time, for as long as something waits. */
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
    hint: "run the same command again: it goes on from where it stopped",
    context: { location },
  });
}
