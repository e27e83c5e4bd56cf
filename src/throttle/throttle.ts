import type { Report } from "../log.ts";
import { pause, waitUntil } from "../retry.ts";
import { type LoadSignal, ThrottlePolicy, type Work } from "./throttle-policy.ts";

export interface ThrottleOptions {
  /** Rows a second at most, in copy and replay; null is no limit. */
  readonly maxRate: number | null;
  readonly report: Report;
  readonly signal: AbortSignal;
}

const PAGE_A_SECOND = 4;
const REPORT_EVERY_MS = 60_000;
const LONG_WAIT_MS = 3_000;
const PAUSED_LOOK_MS = 100;

/** A lock of the source that others hold, and for how long it was waited for by now. */
export interface LockWait {
  readonly kind: "busy";
  readonly waitedMs: number;
}

export interface RestOptions {
  /** The share of the time that this work may take at most. Default: all of it. */
  readonly share?: number;
}

/** Holds copy, replay and verification to a pace that both databases stand. See {@link Pace}. */
export class Throttle {
  readonly #policy: ThrottlePolicy;
  readonly #options: ThrottleOptions;
  #reportedAt = Number.NEGATIVE_INFINITY;
  #waitReportedAt = Number.NEGATIVE_INFINITY;
  #isAlone = false;
  #isPaused = false;
  #maxRate: number | null;

  constructor(options: ThrottleOptions) {
    this.#options = options;
    this.#policy = new ThrottlePolicy(options);
    this.#maxRate = options.maxRate;
  }

  /** Rows of one piece of work at most, so that rests come often and stay short. */
  get maxRows(): number | null {
    return this.#maxRate === null ? null : Math.max(1, Math.floor(this.#maxRate / PAGE_A_SECOND));
  }

  /** Rows a second from here on; undefined goes back to the rate that it began with. */
  setMaxRate(maxRate: number | null | undefined): void {
    const rate = maxRate === undefined ? this.#options.maxRate : maxRate;
    if (rate === this.#maxRate) return;
    this.#maxRate = rate;
    this.#policy.setMaxRate(rate);
  }

  /** Somebody asked the run to stand still. Replay looks at this by itself, since it answers requests meanwhile. */
  get isPaused(): boolean {
    return this.#isPaused;
  }

  setPaused(isPaused: boolean): void {
    this.#isPaused = isPaused;
  }

  /** The source is at rest: there is no application to make room for, only the rate to be kept. */
  beAlone(): void {
    this.#isAlone = true;
  }

  get isAlone(): boolean {
    return this.#isAlone;
  }

  observe(loadSignal: LoadSignal | LockWait): void {
    if (loadSignal.kind === "busy") {
      this.#reportWait(loadSignal);
      return;
    }
    if (this.#isAlone) return;
    const now = performance.now();
    if (!this.#policy.observe(loadSignal, now) || now - this.#reportedAt < REPORT_EVERY_MS) return;
    this.#reportedAt = now;
    this.#options.report({ kind: "step", message: `${WHY[loadSignal.kind]}: going slower for a while` });
  }

  #reportWait({ waitedMs }: LockWait): void {
    const now = performance.now();
    if (waitedMs < LONG_WAIT_MS || now - this.#waitReportedAt < REPORT_EVERY_MS) return;
    this.#waitReportedAt = now;
    this.#options.report({
      kind: "step",
      message: `another process has held the source's lock for ${Math.round(waitedMs / 1_000)} s: waiting for it`,
    });
  }

  /** Rests after a piece of work as long as it should; not at all once the signal has come. Says whether it did. */
  async rest(work: Work, { share = 1 }: RestOptions = {}): Promise<boolean> {
    const wait = Math.max(this.#policy.rest(work, performance.now()), work.durationMs * (1 / share - 1));
    const hasRested = await this.#wait(wait);
    return (await this.#whilePaused()) || hasRested;
  }

  /** The same for replay, which would only fall behind: it rests for the rate alone. */
  delayOfRate(work: Work): Promise<boolean> {
    return this.#wait(this.#policy.delayOfRate(work, performance.now()));
  }

  async #whilePaused(): Promise<boolean> {
    if (!this.#isPaused) return false;
    await waitUntil(() => !this.#isPaused, { everyMs: PAUSED_LOOK_MS, signal: this.#options.signal });
    return true;
  }

  async #wait(wait: number): Promise<boolean> {
    if (wait < 1) return false;
    await pause(wait, this.#options.signal);
    return true;
  }
}

const WHY = {
  read: "the source answers slowly",
  commit: "the target commits slowly",
};
