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
  /**
   * The same for values as nearly all columns of the kind have them, in far less SQL. `encode` may be NULL for NULL alone; `odd`, 0 or 1 and never
   * NULL, is 1 for a value that is other, refused or not: then a page is written by {@link encode}.
   */
  readonly usual?: { encode(c: string): string; odd(c: string): string };
  /** Whether `arrived`, PostgreSQL's text output, equals `raw`, which is not null. */
  matches(raw: Exclude<RawValue, { type: "null" }>, arrived: string): boolean;
}
