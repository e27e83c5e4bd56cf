import type { MigrationSql } from "../migrate/render-migration.ts";
import type { ProblemCode } from "./proof-code.ts";

/** Something that a proof found wrong. */
export interface Problem {
  readonly code: ProblemCode;
  /** Null where it is about all of them together. */
  readonly migration: string | null;
  readonly message: string;
  readonly hint: string;
  /** Lines of the catalogue that should be there, and are not. */
  readonly missing: readonly string[];
  /** Lines that are there, and should not be. */
  readonly extra: readonly string[];
}

export interface StepProof {
  readonly migration: string;
  /** `one-way`: it has no down, and says that this is meant. */
  readonly outcome: "proved" | "failed" | "one-way";
  readonly problems: readonly Problem[];
  /** Tables whose columns its down leaves in another order. */
  readonly reordered: readonly string[];
  /** Tables of before that its up wrote anew, as PostgreSQL did here. */
  readonly rewritten: readonly string[];
  /** Its SQL as of the state in which it ran; null where it does not say. */
  readonly sql: MigrationSql | null;
}
