import type { EpochUnit } from "./mapping.ts";

/**
 * What is in the columns of a table: counts and ranges of all values, from the file's pages or by SQL. The plan uses
 * them to propose types.
 */
export interface TableProfile {
  readonly table: string;
  readonly rows: number;
  readonly columns: readonly ColumnProfile[];
  /** Columns that SQLite cannot compute here: their expressions call functions of the application. */
  readonly unreadable?: readonly string[];
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
  /** Range of the reals, null if there are none. */
  readonly minReal: number | null;
  readonly maxReal: number | null;
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
  /** SQLite condition for up to five of their rows `t`; null where there are none. */
  readonly nulRows: string | null;
  /** Texts that are not valid UTF-8 (in a UTF-16 database: with a lone surrogate). */
  readonly invalidTexts: number;
  readonly invalidRows: string | null;
  /**
   * Texts by what all of their characters look like. Exact where the count equals `texts` or the column is declared so;
   * else a lower bound. A format that most texts of a page fail is not tested further, and one that no type in question
   * needs is not tested at all.
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
  /** Those of `jsonContainers` that are objects. */
  readonly jsonObjects: number;
  /** Where all texts are JSON: those that jsonb refuses, with `\u0000` or half a surrogate pair as an escape. */
  readonly jsonRejected: number;
  /** 36 characters with hyphens, in any case. */
  readonly uuids: number;
  /** Where all texts are UUIDs: those without an upper-case letter. */
  readonly lowerUuids: number;
  readonly inets: number;
  /** Of a column declared as a date whose values are not all of one form: how many there are of each. */
  readonly dateFormats: DateFormats | null;
  /** First and last year of its ISO dates, of its first and last rows; only where other columns are judged by them. */
  readonly years?: readonly [number, number];
  /** What its integers count as a time or an interval, by a rule or by the habit of a known tool. */
  readonly unit?: EpochUnit;
}

/** What may stand in a date column: texts, then numbers. */
export const DATE_FORMATS = [
  "day",
  "local",
  "utc",
  "offset",
  "too-fine",
  "too-fine-zoned",
  "zoned-minutes",
  "beyond",
  "go",
  "zero",
  "impossible",
  "empty",
  "digits",
  "other",
  "seconds",
  "milliseconds",
  "microseconds",
  "julian",
  "number",
  "blob",
] as const;

export type DateFormat = (typeof DATE_FORMATS)[number];

export type DateFormats = Readonly<Partial<Record<DateFormat, number>>>;

/** The profile of a column without values, but for its name. */
export const NOTHING_SEEN: Omit<ColumnProfile, "column"> = {
  nulls: 0,
  integers: 0,
  reals: 0,
  texts: 0,
  blobs: 0,
  minInteger: null,
  maxInteger: null,
  minReal: null,
  maxReal: null,
  wholeReals: 0,
  infinities: 0,
  notBoolean: 0,
  beyondScale: 0,
  emptyTexts: 0,
  maxTextLength: 0,
  maxBytes: 0,
  nulTexts: 0,
  nulRows: null,
  invalidTexts: 0,
  invalidRows: null,
  isoDates: 0,
  isoTimestamps: 0,
  zonedTimestamps: 0,
  isoTimes: 0,
  json: 0,
  jsonContainers: 0,
  jsonObjects: 0,
  jsonRejected: 0,
  uuids: 0,
  lowerUuids: 0,
  inets: 0,
  dateFormats: null,
};
