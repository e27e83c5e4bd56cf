import { processorShare } from "../processor-share.ts";
import type { Source } from "../source/source.ts";

export interface PageSizeOptions {
  readonly first: number;
  readonly max: number;
  /** Where the rows come from. */
  readonly of: Pick<Source, "kind">;
  /** The part of a snapshot's time in which we had a processor; default: as measured. */
  readonly share?: () => number;
}

/**
 * How long a snapshot should be open, ms. A reader of a rollback-journal database blocks commits: half of the 50 ms
 * that a writer may wait. At a server readers block nobody, and each page costs a round trip: a second is ten of
 * 100 ms. sqld lets a transaction stand for 5 s.
 */
const GOAL_MS = { file: 25, remote: 1_000 };
/** How much larger the next page may be. A server's first pages are mostly waiting. */
const MAX_GROWTH = { file: 2, remote: 8 };

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
  readonly #kind: Source["kind"];
  readonly #share: () => number;
  #rows: number;

  constructor(options: PageSizeOptions) {
    this.#share = options.share ?? processorShare;
    this.#kind = options.of.kind;
    this.#max = Math.max(1, Math.floor(options.max));
    this.#rows = Math.min(options.first, this.#max);
  }

  get rows(): number {
    return this.#rows;
  }

  /** `durationMs`: of the snapshot with so many rows. */
  learn(page: { readonly rows: number; readonly durationMs: number }): void {
    const ownMs = page.durationMs * Math.max(MIN_SHARE, this.#share());
    const factor = Math.min(MAX_GROWTH[this.#kind], Math.max(0.25, GOAL_MS[this.#kind] / Math.max(ownMs, 1)));
    // A page that another limit cut short says little about longer ones.
    const base = factor < 1 ? page.rows : Math.max(page.rows, this.#rows / 2);
    this.#rows = Math.min(this.#max, Math.max(1, Math.round(base * factor)));
  }
}
