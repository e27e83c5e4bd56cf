import type { WarningCode } from "../proof-code.ts";

/** A hazard of a migration for a production database. */
export interface Warning {
  /** Stable, to be matched by scripts. */
  readonly code: WarningCode;
  /** Name of the migration. */
  readonly migration: string;
  /** Name of its file. */
  readonly file: string;
  /** Null for SQL that a script built, and for hazards that showed only in the trial run. */
  readonly line: number | null;
  /** The affected object, mostly a table, and its approximate number of rows in the target, if known. */
  readonly object: string;
  /** About how many rows the table has; null where that is not known. */
  readonly rows: number | null;
  /** What would hurt, in a sentence. */
  readonly message: string;
  /** What to do about it. */
  readonly hint: string;
}

/** A hazard of one statement. */
export interface Concern {
  readonly code: WarningCode;
  readonly object: string;
  readonly message: string;
  readonly hint: string;
}
