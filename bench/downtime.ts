import { median } from "./measure.ts";
import type { Memory } from "./process-memory.ts";

/** How long an application waited at the switches in one direction, ms. */
export interface Waits {
  readonly median: number;
  readonly least: number;
  readonly most: number;
}

/** The switches of a database of one size. */
export interface Downtime {
  readonly size: string;
  readonly bytes: number;
  /** Rounds of a cutover and a failback. */
  readonly rounds: number;
  /** Writes per second: requested and acknowledged. */
  readonly rate: number;
  readonly reached: number;
  readonly cutover: Waits;
  readonly return: Waits;
  /** Duration of the commands, with all their comparisons; `full` is excluded, so one round has no cutover. */
  readonly seconds: { readonly cutover: number | null; readonly return: number };
  /** Highest one-minute load of the machine at a switch. */
  readonly load: number;
  /** Memory of the command and its processes, by phase. */
  readonly memory: Readonly<Record<MemoryPhase, Memory>>;
}

export const MEMORY_PHASES = ["look", "copy", "verify", "cutover", "return"] as const;
export type MemoryPhase = (typeof MEMORY_PHASES)[number];

export const MOST_MS = 250;
/** Load of two cores above which the report mentions it. */
export const MUCH_LOAD = 4;

export function waitsOf(times: readonly number[]): Waits {
  return {
    median: Math.round(median(times)),
    least: Math.round(Math.min(...times)),
    most: Math.round(Math.max(...times)),
  };
}
