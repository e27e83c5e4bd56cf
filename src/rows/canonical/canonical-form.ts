import type { RawValue } from "../raw-value.ts";
import { CanonicalValue } from "./canonical-value.ts";
import type { RecordValue } from "./record-value.ts";
import { ValueTokens } from "./value-tokens.ts";

/**
 * How the values of a type are hashed: as numbers, or bytes, that differ where values differ. PostgreSQL gives them by
 * an expression. SQLite gives its bare values, a column at a time, and a loop over them writes the same. Where the
 * file's own pages can be read, so does a loop over their records. Nothing here is the copy's.
 */
export interface CanonicalForm {
  /** What SQLite gives of a value `c`, which has no affinity and no collation but BINARY. */
  sqlite(c: string, options: SqliteFormOptions): readonly ValuePart[];
  postgres(c: string): PostgresForm;
  /** Takes the next value of these tokens, one for each part, and writes it. */
  writer(parts: readonly ValueTokens[]): ValueWriter;
  /** Writes a value as it lies in the file. False if it has no such form, or if only SQLite can tell. */
  stored(into: CanonicalValue, value: RecordValue): boolean;
  /** Whether the two sides write a value that they hold equal in the same way; PostgreSQL's is its text. */
  isAlike(raw: RawValue, targetText: string): boolean;
}

/** False for a value that has no such form: then only the values themselves tell whether they are equal. */
export type ValueWriter = (into: CanonicalValue) => boolean;

export type Separator = "comma" | "control";

/** An expression of which SQLite gives one token a row; NULL is left out. */
export interface ValuePart {
  readonly sql: string;
  /** What stands between two tokens: a comma, or a character that hardly any text holds. */
  readonly separator: Separator;
}

export interface SqliteFormOptions {
  /** A longer value is not read, so that a page of them fits into memory. */
  readonly maxBytes: number;
}

/** What PostgreSQL hashes of a value: a text by its bytes, numbers as they are. NULL of what is NULL. */
export interface PostgresForm {
  readonly kind: "text" | "integer" | "real";
  readonly sql: string;
}

/**
 * SQLite expression: a text as a token. Control characters stand for NULL, for what is no text, and for what is longer
 * than `maxBytes`. A text that begins with one of them, or has the separator in it, has no canonical form. `otherwise`:
 * what stands for other classes. Literals alone: a cast or a call would be made for each value.
 */
export function textToken(c: string, { maxBytes }: SqliteFormOptions, otherwise = NO_TEXT): string {
  const short = `CASE WHEN ${c}>='\u0003' AND ${c}<x'' THEN ${c} WHEN ${c}='' THEN '' ELSE ${otherwise} END`;
  return (
    `CASE WHEN octet_length(${c})<=${maxBytes} THEN ${short} ` +
    `WHEN typeof(${c})='null' THEN '\u0002' ELSE ${TOO_LONG} END`
  );
}

/** Of a value that has no canonical form. */
export const NO_TEXT = "'\u0002!'";
export const TOO_LONG = "'\u0002L'";

/** PostgreSQL's text of a value. */
export function textOf(c: string): PostgresForm {
  return { kind: "text", sql: `${c}::text` };
}

/** What a writer makes of one text; null where it has no such form. */
export function writtenOf(writer: CanonicalForm["writer"], text: Uint8Array): string | null {
  const into = new CanonicalValue();
  return writer([ValueTokens.ofOne(text)])(into) ? Buffer.from(into.out.subarray(0, into.at)).toString("utf8") : null;
}
