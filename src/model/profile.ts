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
  /** Numbers that a declared DECIMAL(p,s) would round or not hold; 0 where none is declared. */
  readonly beyondScale: number;
  readonly emptyTexts: number;
  /** Characters of the longest text; bytes of the longest text or blob. */
  readonly maxTextLength: number;
  readonly maxBytes: number;
  /** Texts with a NUL byte. PostgreSQL's text cannot hold one. */
  readonly nulTexts: number;
  /** Texts that are not valid UTF-8 (in a UTF-16 database: with a lone surrogate). */
  readonly invalidTexts: number;
  /**
   * Texts by what all of their characters look like. Exact where the count equals `texts` or the column
   * is declared so; else a lower bound: what most texts of a page fail is not tested any further.
   */
  readonly isoDates: number;
  /** Date and time as PostgreSQL reads them too, to the microsecond at most, with a zone or without. */
  readonly isoTimestamps: number;
  /** Those of `isoTimestamps` that say Z or an offset. */
  readonly zonedTimestamps: number;
  readonly isoTimes: number;
  readonly json: number;
  /** Where all texts are JSON: those that are objects or arrays. */
  readonly jsonContainers: number;
  /** Where all texts are JSON: those that jsonb may refuse, with `\u0000` or a surrogate as an escape. */
  readonly jsonRefused: number;
  /** 36 characters with hyphens, in any case. */
  readonly uuids: number;
  /** Where all texts are UUIDs: those without an upper-case letter. */
  readonly lowerUuids: number;
  readonly inets: number;
}

/** The profile of a column without values, but for its name. */
export const NOTHING_SEEN: Omit<ColumnProfile, "column"> = {
  nulls: 0,
  integers: 0,
  reals: 0,
  texts: 0,
  blobs: 0,
  minInteger: null,
  maxInteger: null,
  wholeReals: 0,
  infinities: 0,
  notBoolean: 0,
  beyondScale: 0,
  emptyTexts: 0,
  maxTextLength: 0,
  maxBytes: 0,
  nulTexts: 0,
  invalidTexts: 0,
  isoDates: 0,
  isoTimestamps: 0,
  zonedTimestamps: 0,
  isoTimes: 0,
  json: 0,
  jsonContainers: 0,
  jsonRefused: 0,
  uuids: 0,
  lowerUuids: 0,
  inets: 0,
};
