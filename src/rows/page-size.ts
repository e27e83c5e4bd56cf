export interface PageSizeOptions {
  readonly first: number;
  readonly most: number;
}

// A reader of a rollback-journal database keeps its writer from committing: half of the 50 ms that it should wait at most.
const GOAL_MS = 25;

/** Of a page whose rows nobody has asked for their size. */
const UNASKED_BYTES = 16 << 20;

/** How many bytes one of so many rows may have that nobody has asked for its size. A power of two, so that there are few statements. */
export function maxBytesOfRow(rows: number): number {
  return 2 ** Math.floor(Math.log2(UNASKED_BYTES / rows));
}

/** With how many rows to try again where one of so many was larger than that. */
export function fewerOf(rows: number): number {
  return Math.ceil(rows / 8);
}

/** How many rows, or entries of the log, one snapshot of the source takes in: as many as keep it short, learnt from the last ones. */
export class PageSize {
  readonly #most: number;
  #rows: number;

  constructor(options: PageSizeOptions) {
    this.#most = Math.max(1, Math.floor(options.most));
    this.#rows = Math.min(options.first, this.#most);
  }

  get rows(): number {
    return this.#rows;
  }

  /** `took`: how long the snapshot with so many rows was open, ms. */
  learn(page: { readonly rows: number; readonly durationMs: number }): void {
    const factor = Math.min(2, Math.max(0.25, GOAL_MS / Math.max(page.durationMs, 1)));
    // A page that another limit cut short says little about longer ones.
    const base = factor < 1 ? page.rows : Math.max(page.rows, this.#rows / 2);
    this.#rows = Math.min(this.#most, Math.max(1, Math.round(base * factor)));
  }
}
