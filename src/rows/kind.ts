/**
 * A value as SQLite holds it, read raw: what verification compares against.
 */
export type RawValue =
  | { readonly type: "null" }
  | { readonly type: "integer"; readonly value: bigint }
  | { readonly type: "real"; readonly value: number }
  /** `bytes` are UTF-8; `stored` are the bytes in the database, where those are not. */
  | { readonly type: "text"; readonly bytes: Uint8Array; readonly stored?: Uint8Array }
  | { readonly type: "blob"; readonly bytes: Uint8Array };

/**
 * SQLite writes a page of rows as JSON in half of the time that it takes to test, escape and join them; what of it may pass as COPY text,
 * and how, a loop over the bytes says: see copy/copy-text-of-json.ts. Where a value is of another shape, the page is written by
 * {@link ValueKind.encode} instead, and so where PostgreSQL refuses it: what it refuses by itself may pass here.
 */
export interface FastPathFormat {
  readonly shape: JsonShape;
  /** SQLite expression: what stands for the value. Default: the value itself. JSON has no place for blobs, and cuts reals. */
  json?(c: string): string;
}

export type JsonShape =
  | { readonly kind: "integer" | "boolean" | "double" | "numeric" | "date" | "time" | "uuid" }
  | { readonly kind: "timestamp"; readonly zone: boolean }
  /** Any text, of so many characters at most. */
  | { readonly kind: "text"; readonly most: number | null };

/**
 * One kind of value: how SQLite writes it for COPY, what may not pass, and how
 * PostgreSQL's value must compare to the raw one. The last shares nothing with the
 * first, so that an encoder's bug cannot bless itself.
 */
export interface ValueKind {
  /** SQLite expression: the COPY text of column `c`, which is not NULL there. Must not be NULL unless `refused` is 1. */
  encode(c: string): string;
  /**
   * SQLite expression, 0 or 1 and never NULL: 1 if the value of `c` has no equal in the target's type
   * or PostgreSQL would change it without an error. What PostgreSQL refuses by itself need not be here.
   */
  refused(c: string): string;
  /** How values as nearly all columns of the kind have them travel by way of JSON, in far less SQL. */
  readonly fastPath?: FastPathFormat;
  /** Whether `arrived`, PostgreSQL's text output, equals `raw`, which is not null. */
  matches(raw: Exclude<RawValue, { type: "null" }>, targetText: string): boolean;
}
