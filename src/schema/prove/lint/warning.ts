import type { WarningCode } from "../proof-code.ts";

/** What a migration would do to a production database. */
export interface Warning {
  readonly code: WarningCode;
  readonly migration: string;
  readonly file: string;
  /** Null for what a script built, and for what only showed when it ran. */
  readonly line: number | null;
  /** What it concerns, mostly a table; about how many rows it has in the target, where that is known. */
  readonly object: string;
  readonly rows: number | null;
  readonly message: string;
  readonly hint: string;
}

/** What a rule says of one statement. */
export interface Concern {
  readonly code: WarningCode;
  readonly object: string;
  readonly message: string;
  readonly hint: string;
}
