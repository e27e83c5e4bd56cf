import { PageSize } from "../rows/page-size.ts";
import type { Source } from "../source/source.ts";
import type { Page } from "./page.ts";

export interface PageLimitOptions {
  /** Where the rows come from. */
  readonly of: Pick<Source, "kind">;
  readonly maxRows: number | null;
  /** Whether pages may come by the fast path; default: yes. */
  readonly expectsFastPath?: boolean;
  /** Pages come as text, whatever their columns. */
  readonly asText?: boolean;
}

const FIRST_PAGE = 500;
const MAX_ROWS = { file: 20_000, remote: 100_000 };
/** sqld returns no value of more than 5 MB, and no answer of more than 10. */
export const PAGE_BYTES = { file: 1 << 20, remote: 3 << 20 };
/** Pages in a row that one way of reading could not take, until the copy of the table does without it. */
const MAX_MISSES = 3;
const LARGE_ROW = 8 << 10;

/**
 * How much of a table one page takes in, and which ways of reading are worth trying: learnt from the pages before it.
 */
export class PageLimits {
  readonly bytes: number;
  readonly #size: PageSize;
  #bytesOfRow = 0;
  #maxRows: number;
  /** Pages in a row that came by the slow path, that were not binary, that the page reader did not know. */
  readonly #misses = { fastPath: 0, binary: 0, pageReader: 0 };

  constructor({ asText = false, expectsFastPath = true, maxRows, of }: PageLimitOptions) {
    this.bytes = PAGE_BYTES[of.kind];
    this.#maxRows = MAX_ROWS[of.kind];
    // Only a file has pages that can be read as they are.
    if (of.kind !== "file") this.#misses.pageReader = MAX_MISSES;
    if (asText) this.#misses.binary = MAX_MISSES;
    if (!expectsFastPath) this.#misses.fastPath = MAX_MISSES;
    this.#size = new PageSize({ first: FIRST_PAGE, max: maxRows ?? this.#maxRows, of });
  }

  get rows(): number {
    const fitting = Math.floor(this.bytes / Math.max(1, this.#bytesOfRow));
    return Math.max(1, Math.min(this.#maxRows, this.#size.rows, fitting));
  }

  get expectsPageReader(): boolean {
    return this.expectsFastPath && this.#misses.pageReader < MAX_MISSES;
  }

  get expectsFastPath(): boolean {
    return this.#misses.fastPath < MAX_MISSES;
  }

  get expectsBinary(): boolean {
    return this.#misses.binary < MAX_MISSES;
  }

  /** The last rows were so large that it is of use to read their blobs next to the JSON. */
  get expectsLargeBlobs(): boolean {
    return this.expectsFastPath && this.expectsBinary && this.#bytesOfRow > LARGE_ROW;
  }

  /** Whether rows of such a size have blobs that are better read next to the JSON. */
  areLarge({ bytes, rows }: { readonly bytes: number; readonly rows: number }): boolean {
    return this.expectsFastPath && bytes > rows * LARGE_ROW;
  }

  /** Whether a page could be taken in one way. */
  saw(way: "fastPath" | "binary" | "pageReader", isTaken: boolean): void {
    this.#misses[way] = isTaken ? 0 : this.#misses[way] + 1;
  }

  /** PostgreSQL rejected a page that came by the fast path. */
  giveUpFastPath(): void {
    this.#misses.fastPath = MAX_MISSES;
  }

  /** Rows of this table are of such different sizes that a page takes no more of them. */
  capRows(rows: number): void {
    this.#maxRows = Math.min(this.#maxRows, rows);
  }

  learn(page: Page): void {
    this.#size.learn(page);
    if (!page.isLargeRow) this.#bytesOfRow = page.data.byteLength / Math.max(1, page.rows);
  }
}
