const SHORT_MS = 15;
const LONG_MS = 80;
/** Changes a second. */
const MANY = 1_500;
const BEHIND = 20_000n;

/** Readers and writers shut each other out: each of our reads costs a writer a sleep, so there are few of them. */
export const CONTENDED_REST_MS = 300;

/**
 * How long to rest between two batches, ms; `entries` were logged in `elapsed` ms. A writer that waits for the disk
 * shares it with the target's log, and each batch is a commit there. At three to four thousand transactions a second it
 * keeps 73 % of its speed without a rest, 73 to 85 % with 15 ms, and 82 % or more with 80 ms. So long a rest is for
 * writers of that kind: at a thousand a second changes are to be seen within 50 ms. No rest while the target does not
 * keep up.
 */
export function delayBetween(entries: bigint, elapsed: number): number {
  if (entries >= BEHIND) return 0;
  return Number(entries) * 1_000 > MANY * elapsed ? LONG_MS : SHORT_MS;
}
