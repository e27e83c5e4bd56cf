import type { FailbackLoss } from "./failback-loss.ts";
import type { Tuple } from "./key.ts";

/**
 * The failback of a run.
 * - `enabled`: changes of the target are logged, and `sync` brings them to the source.
 * - `returning`: the target is fenced for good, the source about to be opened.
 * - `returned`: the application is back on the source.
 * - `completed`: there is no failback any more.
 */
export interface Failback {
  readonly state: "enabled" | "returning" | "returned" | "completed";
  readonly batches: bigint;
  readonly rows: bigint;
  readonly rounded: bigint;
  /** Seconds since the source last equalled the target; null before the first time. */
  readonly secondsSinceCaughtUp: number | null;
  /** When a running sync completes the run by itself, ISO 8601; null where nobody set a window. */
  readonly endsAt: string | null;
}

/** What opens the source once the target is fenced for good. */
export interface SealedFailback {
  /** What the source could not take. */
  readonly losses: readonly FailbackLoss[];
  /** Keys of the rows concerned, by their mapping's number. */
  readonly keys: ReadonlyMap<number, readonly Tuple[]>;
  /** The highest id that the target has given out, by source table. */
  readonly sequences: ReadonlyMap<string, bigint>;
}

/** Name of the target's table, in schema `changeover`, that logs the keys of a table's changed rows. */
export function failbackLogTable(id: number): string {
  return `failback_${id}`;
}
