import type { RowDifference } from "./compare-rows.ts";
import type { ConstructCode } from "./constructs.ts";
import type { Cause } from "./find-causes.ts";
import type { QueryChange } from "./translate-query.ts";

/**
 * - `same`: both databases give the same.
 * - `rewritten`: not as it stands, but the translation gives the same.
 * - `differs`, `fails`: neither as it stands nor translated.
 * - `slow`: the same, but PostgreSQL takes over 5 times as long, and over 50 ms.
 * - `prepared`: it could only be prepared, since its parameters, or the rows that it touches, are not known.
 * - `driver`: a transaction, a PRAGMA and the like, which the driver does.
 */
export type VerdictKind = "same" | "rewritten" | "compat" | "differs" | "fails" | "slow" | "prepared" | "driver";

/** What became of one distinct statement. */
export interface QueryVerdict {
  /** What became of it. */
  readonly verdict: VerdictKind;
  /** By which `queries.accept` in the config names it. */
  readonly fingerprint: string;
  /** The statement with its values folded. */
  readonly statement: string;
  /** How often it was recorded. */
  readonly count: number;
  /** Where in the application it was sent; null if that was not recorded. */
  readonly site: string | null;
  /** The config accepts that it fails or differs. */
  readonly isAccepted: boolean;
  /** The text for PostgreSQL; null where there is no sure translation, or none is needed. */
  readonly rewrite: { readonly sql: string; readonly changes: readonly QueryChange[] } | null;
  /** Of `compat`: the objects of sqlite_compat with which it gives the same as it stands. */
  readonly compat: readonly string[];
  /** Why there is no translation, why it was only prepared, or why it is slow. */
  readonly reason: string | null;
  /** Where PostgreSQL is much slower: CREATE INDEX for each index that SQLite used and PostgreSQL lacks. */
  readonly indexes: readonly string[];
  /** PostgreSQL's SQLSTATE where it fails; null otherwise. */
  readonly sqlState: string | null;
  /** PostgreSQL's own words. */
  readonly message: string | null;
  /** The first place where the results differ; null where they are equal. */
  readonly difference: RowDifference | null;
  /** What it may stem from, the likeliest first. */
  readonly causes: readonly Cause[];
  /** Of `same`: what may differ with other rows. */
  readonly risks: readonly ConstructCode[];
  /** What it took in SQLite, ms; null where it was not run. */
  readonly sourceMs: number | null;
  /** What it took in PostgreSQL, ms; null where it was not run. */
  readonly targetMs: number | null;
}

/** Whether a verdict stands in the way. */
export function isRefused({ isAccepted, verdict }: Pick<QueryVerdict, "isAccepted" | "verdict">): boolean {
  return (verdict === "fails" || verdict === "differs") && !isAccepted;
}
