import type { Tuple } from "../model/key.ts";
import type { CopyFormat } from "../rows/encode/copy-format.ts";

/** Rows of one snapshot of the source, ready for a COPY. */
export interface Page {
  readonly rows: number;
  /** Lines in UTF-8, or rows in the binary format of COPY. */
  readonly data: Uint8Array;
  readonly format: CopyFormat;
  /** It came by the fast path: its values were checked less closely. */
  readonly isFastPath: boolean;
  /** Rows with a value that is not convertible: none of the page may be sent then. */
  readonly refused: number;
  readonly last: Tuple;
  /** There were no more rows than these. */
  readonly isLast: boolean;
  /** The page is this one row alone, too large to be read at once: there is no data. */
  readonly isLargeRow: boolean;
  /** Time that the source's snapshot was open, ms. */
  readonly durationMs: number;
  /**
   * Where rows may be quarantined: the keys of the rows in the data, line by line, and of those that a rule keeps out
   * of it.
   */
  readonly keys: { readonly sent: readonly Tuple[]; readonly quarantined: readonly Tuple[] } | null;
}
