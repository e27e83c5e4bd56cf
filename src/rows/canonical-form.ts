import type { RawValue } from "./raw-value.ts";

/**
 * How a value is written so that both databases write the same bytes for equal values, and never for others. Rows are
 * then compared by the hashes of those bytes. Values that are not written alike are compared by themselves.
 * Nothing here is the copy's: SQLite's side is the bare value with its storage class tested.
 */
export interface CanonicalForm {
  /**
   * The place in the row, so that no two rows of values are written as one. Numbers end at a comma. Counted values
   * have their length before them. Free ones come last: PostgreSQL writes no comma in them.
   */
  readonly place: "number" | "counted" | "free";
  /**
   * SQLite expressions that commas will stand between: `!` for what PostgreSQL never writes. Storage classes are told
   * by comparison where that is possible (numbers, then texts, then blobs): it takes half of the time of typeof().
   */
  sqlite(c: string): readonly string[];
  /** SQLite expression: bytes of a value of any length. */
  bytes?(c: string): string;
  /** PostgreSQL expressions that commas will stand between. Without NULL they take half of the time. */
  postgres(c: string, options: PostgresFormOptions): readonly string[];
  /** Whether the two wrote, or would write, the same. */
  isAlike(raw: RawValue, targetText: string): boolean;
}

export interface PostgresFormOptions {
  readonly isNeverNull: boolean;
}

/** A page of values must fit into memory. Larger values that grow when they are written are compared by themselves. */
export const MAX_CANONICAL_BYTES = 16 << 10;
const MAX_FREE_BYTES = 64;

export const NUMBER_FORM: CanonicalForm = {
  place: "number",
  // A whole real is written with a point.
  sqlite: (c) => [`CASE WHEN (+${c} COLLATE BINARY)=(${c}|0) THEN ${c} WHEN typeof(${c})='null' THEN '~' ELSE '!' END`],
  postgres: orTilde,
  isAlike: (raw, targetText) => raw.type === "integer" && raw.value.toString() === targetText,
};

/** Texts of any length. */
export const TEXT_FORM: CanonicalForm = {
  place: "counted",
  sqlite: (c) => [`CASE WHEN ${isTextSql(c)} THEN octet_length(${c}) WHEN typeof(${c})='null' THEN -1 ELSE '!' END`, c],
  bytes: (c) => `octet_length(${c})`,
  postgres: (c, { isNeverNull }) =>
    isNeverNull
      ? [`octet_length(${c}::text)`, `${c}::text`]
      : [`coalesce(octet_length(${c}::text), -1)`, `coalesce(${c}::text, '')`],
  isAlike: isSameText,
};

/** Short texts without a comma. */
export const FREE_FORM: CanonicalForm = {
  place: "free",
  sqlite: (c) => [
    `CASE WHEN ${isTextSql(c)} AND octet_length(${c}) BETWEEN 2 AND ${MAX_FREE_BYTES} THEN ${c}
      WHEN typeof(${c})='null' THEN '~' ELSE '!' END`,
  ],
  postgres: orTilde,
  isAlike: isSameText,
};

/** SQLite expression, free of affinity, which would make numbers of the empty text, and of the column's collation. */
export function isTextSql(c: string): string {
  return `(+${c} COLLATE BINARY)>='' AND (+${c} COLLATE BINARY)<x''`;
}

export function orTilde(c: string, { isNeverNull }: PostgresFormOptions): readonly string[] {
  return [isNeverNull ? c : `coalesce(${c}::text, '~')`];
}

function isSameText(raw: RawValue, targetText: string): boolean {
  return raw.type === "text" && Buffer.from(raw.bytes).equals(Buffer.from(targetText));
}
