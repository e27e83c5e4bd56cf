import type { ColumnNote } from "./column-note.ts";

export interface TypeChoice {
  readonly type: string;
  readonly evidence: string;
  readonly findings: readonly ColumnNote[];
  /** Made without a value to go by: a foreign key may overrule it. */
  readonly guessed: boolean;
}

export interface TypeContext {
  readonly enhanced: boolean;
  /** Part of a primary key or of a unique index: equal values must stay equal, others different. */
  readonly keyed: boolean;
  /** An end of a foreign key: its values are those of another column. */
  readonly linked?: boolean;
  /** Alias of the rowid. */
  readonly rowid: boolean;
  /** The source's texts are UTF-16. */
  readonly utf16?: boolean;
  /** What dates look like elsewhere in the database. */
  readonly habits: DateHabits;
}

/** What the database's columns declared as dates hold, taken together. */
export interface DateHabits {
  /** Some hold ISO texts. */
  readonly iso: boolean;
  /** All ISO texts with a time say their zone. */
  readonly zoned: boolean;
  /** Some hold anything else. */
  readonly other: boolean;
  /** First and last year of those that are ISO texts, where that was asked. */
  readonly years?: readonly [number, number];
}

export type Choose = (type: string, evidence: string, ...findings: TypeChoice["findings"]) => TypeChoice;
