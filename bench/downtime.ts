import { median } from "./measure.ts";
import type { Memory } from "./process-memory.ts";

/** What an application waited at the switches one way, ms. */
export interface Waits {
  readonly median: number;
  readonly least: number;
  readonly most: number;
}

/** The switches of a database of one size. */
export interface Downtime {
  readonly size: string;
  readonly bytes: number;
  /** Each a cutover and a return. */
  readonly rounds: number;
  /** Writes a second: as many as were asked for, and as many as were acknowledged. */
  readonly rate: number;
  readonly reached: number;
  readonly cutover: Waits;
  readonly return: Waits;
  /** Of commands, with all that they compare; `full` is not among them, so that one round has no cutover's. */
  readonly seconds: { readonly cutover: number | null; readonly return: number };
  /** The machine's load, of one minute, at the switch where it was highest. */
  readonly load: number;
  /** Of the command and the processes that it started, by what they were at. */
  readonly memory: Readonly<Record<MemoryPhase, Memory>>;
}

export const MEMORY_PHASES = ["look", "copy", "verify", "cutover", "return"] as const;
export type MemoryPhase = (typeof MEMORY_PHASES)[number];

export const MOST_MS = 250;
export const MOST_MB = 250;
/** Of two cores: from there on it is said. */
export const MUCH_LOAD = 4;

export function waitsOf(times: readonly number[]): Waits {
  return {
    median: Math.round(median(times)),
    least: Math.round(Math.min(...times)),
    most: Math.round(Math.max(...times)),
  };
}
