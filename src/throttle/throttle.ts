import type { Report } from "../log.ts";
import { processorShare } from "../processor-share.ts";
import { pause, waitUntil } from "../retry.ts";
import { LoadMeter } from "./load-meter.ts";
import { type LoadSignal, ThrottlePolicy, type Work } from "./throttle-policy.ts";

export interface ThrottleOptions {
  /** Rows a second at most, in copy and replay; null is no limit. */
  readonly maxRate: number | null;
  readonly report: Report;
  readonly signal: AbortSignal;
  /** The part of the time in which this process had the processor that it wanted; default: as measured. */
  readonly share?: () => number;
}

const PAGE_A_SECOND = 4;
const REPORT_EVERY_MS = 60_000;
const LONG_WAIT_MS = 3_000;
/** Slower than a tenth of full speed is never passed over in silence. */
const STARVED_SHARE = 1 / 10;
/** One page without a processor is nothing to speak of. */
const STARVED_MS = 3_000;
const PAUSED_LOOK_MS = 100;

/** A lock of the source that others hold. */
export type LockWait =
  /** It is waited for, for so long by now. */
  | { readonly kind: "busy"; readonly waitedMs: number }
  /** It was waited for. */
  | { readonly kind: "lock"; readonly durationMs: number };

export interface RestOptions {
  /** The share of the time that this work may take at most. Default: all of it. */
  readonly share?: number;
}

/** Holds copy, replay and verification to a rate that the application can bear. See {@link ThrottlePolicy}. */
export class Throttle {
  /** What is observed, for those who look at the run. */
  readonly meter = new LoadMeter();
  readonly #policy: ThrottlePolicy;
  readonly #options: ThrottleOptions;
  readonly #share: () => number;
  readonly #reportedAt = new Map<string, number>();
  #starvedSince: number | null = null;
  #isAlone = false;
  #isPaused = false;
  #maxRate: number | null;

  constructor(options: ThrottleOptions) {
    this.#options = options;
    this.#share = options.share ?? processorShare;
    this.#policy = new ThrottlePolicy(options);
    this.#maxRate = options.maxRate;
  }

  /** Rows of one piece of work at most, so that rests come often and stay short. */
  get maxRows(): number | null {
    return this.#maxRate === null ? null : Math.max(1, Math.floor(this.#maxRate / PAGE_A_SECOND));
  }

  /** The part of full speed at which work goes on, from 1/8 to 1. */
  get shareNow(): number {
    return this.#isAlone ? 1 : this.#policy.shareAt(performance.now());
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

  /** The application was seen to write: for some seconds its waits count. */
  applicationWrote(): void {
    this.#policy.applicationWrote(performance.now());
  }

  observe(loadSignal: LoadSignal | LockWait): void {
    if (loadSignal.kind === "busy") {
      this.#reportWait(loadSignal.waitedMs);
      return;
    }
    if (loadSignal.kind === "lock") {
      this.meter.waitedForLock(loadSignal.durationMs);
      return;
    }
    if (loadSignal.kind === "write") this.meter.applicationWaited(loadSignal.durationMs);
    if (this.#isAlone) return;
    const now = performance.now();
    // What was spent waiting for a processor says that the machine is busy, and nothing of a database.
    const durationMs = loadSignal.durationMs * this.#share();
    if (!this.#policy.observe({ ...loadSignal, durationMs }, now)) return;
    this.#report(
      `${WHY[loadSignal.kind]} (${Math.round(durationMs)} ms), so work goes on at ` +
        `${percent(this.#policy.shareAt(now))} ` +
        `of full speed for a while; if that is too slow: ${REMEDY[loadSignal.kind]}`,
      loadSignal.kind,
    );
  }

  /** Rests after a piece of work as long as it should; not at all once the signal has come. Says whether it did. */
  async rest(work: Work, { share = 1 }: RestOptions = {}): Promise<boolean> {
    this.#reportStarved();
    const wait = Math.max(this.#policy.rest(work, performance.now()), work.durationMs * (1 / share - 1));
    const hasRested = await this.#wait(wait);
    return (await this.#whilePaused()) || hasRested;
  }

  /** The same for replay, which would only fall behind: it rests for the rate alone. */
  delayOfRate(work: Work): Promise<boolean> {
    return this.#wait(this.#policy.delayOfRate(work, performance.now()));
  }

  #reportWait(waitedMs: number): void {
    if (waitedMs < LONG_WAIT_MS) return;
    this.#report(
      `another process has held the source's lock for ${Math.round(waitedMs / 1_000)} s: waiting for it`,
      "busy",
    );
  }

  #reportStarved(): void {
    const share = this.#share();
    const now = performance.now();
    if (share >= STARVED_SHARE) this.#starvedSince = null;
    else if (now - (this.#starvedSince ??= now) > STARVED_MS)
      this.#report(
        `other programs keep the processors busy: this process gets one for ${percent(share)} of the time in ` +
          "which it " +
          "needs one; end them, or give it a higher priority (renice)",
        "starved",
      );
  }

  #report(message: string, topic: string): void {
    const now = performance.now();
    if (now - (this.#reportedAt.get(topic) ?? Number.NEGATIVE_INFINITY) < REPORT_EVERY_MS) return;
    this.#reportedAt.set(topic, now);
    this.#options.report({ kind: "step", message });
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

const percent = (share: number) => `${Math.max(1, Math.round(share * 100))} %`;

const WHY = {
  write: "the application's writes take long",
  read: "the source's server answers slowly",
  commit: "the target commits slowly",
};

const REMEDY = {
  write: "see what else uses the source's disk, or run this when the application writes less",
  read: "see what else the source's server does, or run this when it has less to do",
  commit: "see what else uses the target's disk, or run this when it has less to do",
};
