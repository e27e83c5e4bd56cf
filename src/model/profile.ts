/**
 * What is in the columns: counts and ranges from one pass of SQL per table,
 * inside SQLite. The evidence from which the plan proposes types.
 */
export interface TableProfile {
  readonly table: string;
  readonly rows: number;
  readonly columns: readonly ColumnProfile[];
}

export interface ColumnProfile {
  readonly column: string;
  readonly nulls: number;
  readonly integers: number;
  readonly reals: number;
  readonly texts: number;
  readonly blobs: number;
  /** Range of the integer values, null if there are none. */
  readonly minInteger: bigint | null;
  readonly maxInteger: bigint | null;
  /** Reals whose value is a whole number. */
  readonly wholeReals: number;
  /** Reals that are +Infinity or -Infinity. */
  readonly infinities: number;
  /** Integers other than 0 and 1. */
  readonly notBoolean: number;
  readonly emptyTexts: number;
  /** Characters of the longest text; bytes of the longest text or blob. */
  readonly maxTextLength: number;
  readonly maxBytes: number;
  /** Texts with a NUL byte. PostgreSQL's text cannot hold one. */
  readonly nulTexts: number;
  /** Texts by what all of their characters look like; each count is of texts that match. */
  readonly isoDates: number;
  readonly isoTimestamps: number;
  readonly isoTimes: number;
  readonly json: number;
  readonly uuids: number;
}
