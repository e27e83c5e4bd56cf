/** Failures that a proof may find. docs/guides/prove.md explains each. */
export const PROBLEM_CODES = [
  "UP_FAILED",
  "DOWN_FAILED",
  "DOWN_MISSING",
  "DOWN_DIFFERS",
  "UP_AGAIN_FAILED",
  "UP_AGAIN_DIFFERS",
  "TOGETHER_FAILED",
  "TOGETHER_DIFFERS",
] as const;

/** Hazards of a correct migration for a production database. docs/guides/prove.md explains each. */
export const WARNING_CODES = [
  "INDEX_BLOCKS_WRITES",
  "UNIQUE_BLOCKS_ALL",
  "FOREIGN_KEY_SCANS",
  "CHECK_SCANS",
  "NOT_NULL_SCANS",
  "NOT_NULL_WITHOUT_DEFAULT",
  "VALIDATED_UNDER_LOCK",
  "TABLE_REWRITE",
  "REFRESH_BLOCKS_READS",
  "WHOLE_TABLE_WRITTEN",
  "NO_LOCK_TIMEOUT",
  "RENAME_BREAKS_QUERIES",
  "DROPS_DATA",
  "COLUMN_ORDER",
  "CLUSTER_WIDE",
  "SQL_UNREADABLE",
] as const;

export const PROOF_CODES = [...PROBLEM_CODES, ...WARNING_CODES] as const;

/** The code of a problem of a proof. */
export type ProblemCode = (typeof PROBLEM_CODES)[number];
/** The code of a warning of a proof. */
export type WarningCode = (typeof WARNING_CODES)[number];
export type ProofCode = (typeof PROOF_CODES)[number];
