import type { TargetTransaction } from "../target/target.ts";
import { addDigests, EMPTY_DIGEST, type RangeDigest, targetDigest } from "./range-digest.ts";
import type { DigestColumns } from "./render-target-digest.ts";

/** 64 MB: a session that is asked to stop is heard no later. */
const BLOCKS_AT_ONCE = 8_192;
/** Behind the last block of any table. */
const ALL_BLOCKS = 0xffff_ffff;

/** Blocks of a table from one, up to another. */
export interface BlockRange {
  readonly from: number;
  readonly to: number;
  /** What lies behind them, too: the table may have grown, and the partitions of a table may be longer. */
  readonly isOpen: boolean;
}

/** The digest of the target's rows there, in the transaction's snapshot. Once it is given up, it means nothing. */
export async function digestOfBlocks(
  tx: TargetTransaction,
  columns: DigestColumns,
  { from: first, givenUp, isOpen, to: end }: BlockRange & { readonly givenUp: AbortSignal },
): Promise<RangeDigest> {
  let total = EMPTY_DIGEST;
  for (let from = first; !givenUp.aborted; from += BLOCKS_AT_ONCE) {
    const isLast = from + BLOCKS_AT_ONCE >= end;
    const to = !isLast ? from + BLOCKS_AT_ONCE : isOpen ? ALL_BLOCKS : end;
    total = addDigests(total, await targetDigest(tx, { kind: "blocks", from, to }, columns));
    if (isLast) break;
  }
  return total;
}
