import type { TargetTransaction } from "../target/target.ts";
import type { KeyRelation } from "./look-up.ts";
import {
  type DigestColumns,
  parametersOf,
  renderTargetDigest,
  renderTargetHashes,
  type TargetRange,
} from "./render-target-digest.ts";

/**
 * The rows of a range as one number: equal on both sides if the rows are. The range is a table, a range of keys, or a
 * list of keys. The sum does not depend on the order of rows, so digests of parts add up to that of the range.
 */
export interface RangeDigest {
  readonly rows: number;
  /** Of the rows' hashes, each a signed number of 64 bits. */
  readonly sum: bigint;
}

export const EMPTY_DIGEST: RangeDigest = { rows: 0, sum: 0n };

export function addDigests(one: RangeDigest, other: RangeDigest): RangeDigest {
  return { rows: one.rows + other.rows, sum: one.sum + other.sum };
}

export function subtractDigest(all: RangeDigest, part: RangeDigest): RangeDigest {
  return { rows: all.rows - part.rows, sum: all.sum - part.sum };
}

export function isSameDigest(one: RangeDigest, other: RangeDigest): boolean {
  return one.rows === other.rows && one.sum === other.sum;
}

export interface TargetDigest extends RangeDigest {
  /** Texts of the columns that have no canonical form, each in the order of the rows. */
  readonly others: readonly (readonly (string | null)[])[];
}

/** The digest of the target's rows, in the transaction's snapshot. */
export async function targetDigest(
  tx: TargetTransaction,
  range: TargetRange,
  columns: DigestColumns,
): Promise<TargetDigest> {
  const [answer] = await tx.rows<Record<string, unknown>>(renderTargetDigest(range, columns), parametersOf(range));
  return {
    rows: Number(answer?.["rows"] ?? 0),
    sum: BigInt(String(answer?.["sum"] ?? 0)),
    others: columns.split.others.map((_, index) => (answer?.[`c${index}`] ?? []) as (string | null)[]),
  };
}

/** The hashes of the target's rows under a list of keys, each row once. */
export async function targetHashes(
  tx: TargetTransaction,
  keys: KeyRelation,
  columns: DigestColumns,
): Promise<readonly bigint[]> {
  const rows = await tx.rows<{ hash: string }>(renderTargetHashes(keys, columns), keys.parameters);
  return rows.map(({ hash }) => BigInt(hash));
}
