import { processorShare } from "../processor-share.ts";

export interface PageSizeOptions {
  readonly first: number;
  readonly max: number;
  /** The part of a snapshot's time in which we had a processor; default: as measured. */
  readonly share?: () => number;
}

// A reader of a rollback-journal database blocks commits: half of the 50 ms that a writer may wait.
const GOAL_MS = 25;

/**
 * On a busy machine pages are not cut down to what fits between two turns of the processor: each costs several turns at
 * the target as well. A snapshot is open for at most so many times the goal.
 */
const MIN_SHARE = 1 / 8;

/** Of a page of rows of unknown size. */
const UNKNOWN_PAGE_BYTES = 16 << 20;

/** Bytes that one of so many rows of unknown size may have. A power of two, so that there are few statements. */
export function maxBytesOfRow(rows: number): number {
  return 2 ** Math.floor(Math.log2(UNKNOWN_PAGE_BYTES / rows));
}

/** Rows to try where one of so many was larger than that. */
export function fewerOf(rows: number): number {
  return Math.ceil(rows / 8);
}

/** Rows, or entries of the log, of one snapshot of the source: few enough to be short, as the last ones show. */
export class PageSize {
  readonly #max: number;
  readonly #share: () => number;
  #rows: number;

  constructor(options: PageSizeOptions) {
    this.#share = options.share ?? processorShare;
    this.#max = Math.max(1, Math.floor(options.max));
    this.#rows = Math.min(options.first, this.#max);
  }

  get rows(): number {
    return this.#rows;
  }

  /** `durationMs`: of the snapshot with so many rows. */
  learn(page: { readonly rows: number; readonly durationMs: number }): void {
    const ownMs = page.durationMs * Math.max(MIN_SHARE, this.#share());
    const factor = Math.min(2, Math.max(0.25, GOAL_MS / Math.max(ownMs, 1)));
    // A page that another limit cut short says little about longer ones.
    const base = factor < 1 ? page.rows : Math.max(page.rows, this.#rows / 2);
    this.#rows = Math.min(this.#max, Math.max(1, Math.round(base * factor)));
  }
}
