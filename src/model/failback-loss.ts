/**
 * What PostgreSQL holds and the source will not after a return.
 *
 * Of values: `rounded`: a number or timestamp is cut to what SQLite can hold. `null`: SQLite has no such value and gets
 * NULL. `number`: the column's affinity makes a number of the text.
 *
 * Of the schema: `table_added`, `column_added`: created since the cutover; their rows and values are not brought back.
 * `table_dropped`, `column_dropped`: dropped in PostgreSQL; the source keeps what it had. `object_added`: a view, an
 * index, a constraint and the like.
 */
export type LossKind =
  | "rounded"
  | "null"
  | "number"
  | "table_added"
  | "column_added"
  | "table_dropped"
  | "column_dropped"
  | "object_added";

/** One thing that PostgreSQL holds and the source cannot. */
export interface FailbackLoss {
  /** The source's name of it, or PostgreSQL's where only that has it. */
  readonly table: string;
  /** Null: it is about the table. */
  readonly column: string | null;
  /** What is lost; see {@link LossKind}. */
  readonly kind: LossKind;
  /** Values, or rows. */
  readonly count: number;
  /** Keys of some of the rows, as text. */
  readonly keys: readonly string[];
  /** What kind of object it is, and its name. */
  readonly object?: string;
  /** It was said at the cutover, or holds no data: it is named, and nobody has to accept it. */
  readonly announced: boolean;
}

/** How many keys a message or document names. */
export const NAMED_KEYS = 20;
