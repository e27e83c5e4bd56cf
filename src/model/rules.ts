/** What a person decided for tables and columns, in the config: it overrides what the plan would choose. */
export interface Rules {
  /** Blocking findings that may pass: `CODE`, `CODE:table` or `CODE:table.column`. */
  readonly accept?: readonly string[];
  /** What becomes of a value that may not pass, where no table or column says otherwise. */
  readonly onBadValue?: OnBadValue;
  /** By the table's name in the source. */
  readonly tables?: Readonly<Record<string, TableRules>>;
}

export interface TableRules {
  /** Leaves the table behind. */
  readonly exclude?: true;
  /** Its name in the target. */
  readonly name?: string;
  readonly onBadValue?: OnBadValue;
  /** By the column's name in the source. */
  readonly columns?: Readonly<Record<string, ColumnRules>>;
}

export interface ColumnRules {
  readonly name?: string;
  /** As PostgreSQL spells it: `numeric(12,3)`. */
  readonly type?: string;
  /** SQL on the SQLite side, over the columns of the row; its result is what then travels. */
  readonly expression?: string;
  readonly nullAndEmpty?: NullAndEmpty;
  /** SQL of the target's default; null for none. */
  readonly default?: string | null;
  /** Leaves the column behind. */
  readonly exclude?: true;
  readonly onBadValue?: OnBadValue;
}

/**
 * `stop` ends the run with the key of the row; `quarantine` sets the whole row aside in
 * `changeover.quarantine`; `null` lets the row pass with NULL in that column.
 */
export type OnBadValue = "stop" | "quarantine" | "null";

/** How NULL and the empty text relate on the way. */
export type NullAndEmpty = "distinct" | "empty-to-null" | "null-to-empty";

/** A way to answer a finding, ready to be merged into the config. */
export interface SuggestedRule {
  /** What it does to the data, in one line. */
  readonly description: string;
  readonly rules: Rules;
}
