import type { WarningCode } from "../proof-code.ts";

/** A hazard of a migration for a production database. */
export interface Warning {
  readonly code: WarningCode;
  readonly migration: string;
  readonly file: string;
  /** Null for SQL that a script built, and for hazards that showed only in the trial run. */
  readonly line: number | null;
  /** The affected object, mostly a table, and its approximate number of rows in the target, if known. */
  readonly object: string;
  readonly rows: number | null;
  readonly message: string;
  readonly hint: string;
}

/** A hazard of one statement. */
export interface Concern {
  readonly code: WarningCode;
  readonly object: string;
  readonly message: string;
  readonly hint: string;
}
