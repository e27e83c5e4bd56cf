import { setTimeout as delay } from "node:timers/promises";

export interface RetryOptions {
  /** Pauses between attempts, ms. After the last one, the error of the last attempt is thrown. */
  readonly delays: Iterable<number>;
  /** Whether another attempt may end otherwise; asked before each pause. Default: always. */
  readonly retryIf?: (error: unknown) => boolean;
  /** Called before each pause, with the error and how long it will be. */
  readonly onRetry?: (error: unknown, pauseMs: number) => void;
  /** Ends the pauses: the error of the last attempt is thrown. */
  readonly signal?: AbortSignal | undefined;
}

/** Does `operation`, and again after each of the pauses for as long as it fails in a way that may pass. */
export async function withRetry<T>(operation: () => Promise<T>, options: RetryOptions): Promise<T> {
  const { delays, onRetry, retryIf = () => true, signal } = options;
  const pauses = delays[Symbol.iterator]();
  for (;;) {
    try {
      return await operation();
    } catch (error) {
      const next = pauses.next();
      if (next.done === true || !retryIf(error)) throw error;
      onRetry?.(error, next.value);
      await pause(next.value, signal);
      if (signal?.aborted === true) throw error;
    }
  }
}

export interface WaitOptions {
  /** Between two probes, ms: the same each time, or the next of these; without one left, the wait is over. */
  readonly everyMs: number | Iterable<number>;
  /** Default: no limit. */
  readonly timeoutMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Asks `probe` until it says true. False once the time is up, or the signal has come. */
export async function waitUntil(probe: () => Promise<boolean> | boolean, options: WaitOptions): Promise<boolean> {
  const { everyMs, timeoutMs = Number.POSITIVE_INFINITY, signal } = options;
  const deadline = performance.now() + timeoutMs;
  const pauses = (typeof everyMs === "number" ? evenly(everyMs) : everyMs)[Symbol.iterator]();
  while (!(await probe())) {
    const next = pauses.next();
    const leftMs = deadline - performance.now();
    if (signal?.aborted === true || next.done === true || leftMs <= 0) return false;
    await pause(Math.min(next.value, Math.ceil(leftMs)), signal);
  }
  return true;
}

/** Waits, until the signal at most. Never throws. */
export async function pause(ms: number, signal?: AbortSignal): Promise<void> {
  await delay(ms, undefined, { signal }).catch(() => {});
}

/** Pauses that double, from the first to the longest, without end or as many as `times` says. */
export function doubling(firstMs: number, longestMs: number, times = Number.POSITIVE_INFINITY): Generator<number> {
  return growing(firstMs, longestMs, { factor: 2, times });
}

/** The same with another factor. */
export function* growing(
  firstMs: number,
  longestMs: number,
  { factor, times = Number.POSITIVE_INFINITY }: { readonly factor: number; readonly times?: number },
): Generator<number> {
  for (let ms = firstMs, count = 0; count < times; ms = Math.min(ms * factor, longestMs), count++) yield ms;
}

/** The same pause, without end or so many times. */
export function* evenly(ms: number, times = Number.POSITIVE_INFINITY): Generator<number> {
  for (let count = 0; count < times; count++) yield ms;
}
