import type { Transaction } from "@libsql/client";
import type { Random } from "../random.ts";

/** One kind of thing that the application does, in one transaction. */
export interface Write {
  readonly kind: string;
  /** How often, compared with the others. */
  readonly weight: number;
  /** Null when there was nothing to do it to; then nothing has been written. */
  readonly run: (tx: Transaction, random: Random) => Promise<Effect | null>;
}

/** What a transaction did, row by row: enough to check later, in either database, that it is there. */
export interface Effect {
  readonly wrote?: Readonly<Record<string, Rows>>;
  readonly deleted?: Readonly<Record<string, readonly RowId[]>>;
}

export type RowId = string | number;
/** By id, the columns whose new values are known. */
export type Rows = Readonly<Record<RowId, Readonly<Record<string, string | number | null>>>>;
