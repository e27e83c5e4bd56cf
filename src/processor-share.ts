import { readProc } from "./operating-system.ts";

/** Nanoseconds that a thread ran, and that it was ready to run and had no processor. */
export interface SchedulerTimes {
  readonly ran: number;
  readonly waited: number;
}

export interface ProcessorShareOptions {
  /** Null where the system does not tell. */
  readonly read: () => SchedulerTimes | null;
  /** ms. */
  readonly now: () => number;
}

/** A shorter time says too little. */
const WINDOW_MS = 250;

/**
 * Of the time in which this process wanted a processor, the part in which it had one: 1 on an idle machine. By this a
 * machine that is busy with other work is told from a database that is slow.
 */
export class ProcessorShare {
  readonly #options: ProcessorShareOptions;
  #since: { readonly at: number; readonly times: SchedulerTimes | null };
  #share = 1;

  constructor(options: ProcessorShareOptions) {
    this.#options = options;
    this.#since = { at: options.now(), times: options.read() };
  }

  /** Of the last quarter of a second or more. */
  get current(): number {
    const now = this.#options.now();
    if (this.#since.times === null || now - this.#since.at < WINDOW_MS) return this.#share;
    const times = this.#options.read();
    if (times === null) return this.#share;
    const ran = times.ran - this.#since.times.ran;
    const waited = times.waited - this.#since.times.waited;
    this.#since = { at: now, times };
    this.#share = ran > 0 ? ran / (ran + Math.max(0, waited)) : 1;
    return this.#share;
  }
}

let own: ProcessorShare | undefined;

/** Of this process: from 0 to 1. 1 where the system does not tell, which Linux does. */
export function processorShare(): number {
  own ??= new ProcessorShare({ read: readSchedulerTimes, now: () => performance.now() });
  return own.current;
}

/** Of the main thread, in which our SQLite works. */
export function readSchedulerTimes(): SchedulerTimes | null {
  const [ran, waited] = readProc("self/schedstat")?.split(" ").map(Number) ?? [];
  return ran === undefined || waited === undefined || Number.isNaN(ran + waited) ? null : { ran, waited };
}
