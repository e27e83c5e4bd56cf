import type { MigrationSql } from "../migrate/render-migration.ts";
import type { ProblemCode } from "./proof-code.ts";

/** A failure that a proof found. */
export interface Problem {
  /** Stable, to be matched by scripts. */
  readonly code: ProblemCode;
  /** Null if it concerns all migrations together. */
  readonly migration: string | null;
  /** What is wrong, in a sentence. */
  readonly message: string;
  /** What to do about it. */
  readonly hint: string;
  /** Expected catalogue lines that are missing. */
  readonly missing: readonly string[];
  /** Unexpected catalogue lines. */
  readonly extra: readonly string[];
}

export interface StepProof {
  readonly migration: string;
  /** `one-way`: it has no down section, and a comment allows that. `unchanged`: it was only applied. */
  readonly outcome: "proved" | "failed" | "one-way" | "unchanged";
  readonly problems: readonly Problem[];
  /** Tables whose columns have another order after its down. */
  readonly reordered: readonly string[];
  /** Existing tables that PostgreSQL rewrote during its up. */
  readonly rewritten: readonly string[];
  /** Its SQL for the state in which it ran; null if unknown. */
  readonly sql: MigrationSql | null;
}
