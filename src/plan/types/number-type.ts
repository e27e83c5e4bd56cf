import type { ColumnProfile } from "../../model/profile.ts";

/** The type that holds all numbers of a column as they are. */
export function numberType(profile: ColumnProfile): "bigint" | "double precision" | "numeric" {
  if (profile.reals === 0) return "bigint";
  return isExactInDouble(profile) ? "double precision" : "numeric";
}

/** Whether a double holds all integers of a column. */
export function isExactInDouble({ minInteger, maxInteger }: ColumnProfile): boolean {
  return (minInteger ?? 0n) >= -EXACT && (maxInteger ?? 0n) <= EXACT;
}

const EXACT = 9_007_199_254_740_992n;
