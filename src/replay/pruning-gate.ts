/** How many entries of the log are worth a commit to the source. */
export interface Worth {
  readonly entries: bigint;
  readonly entriesAfterRest: bigint;
  readonly restMs: number;
}

const WORTH: Worth = { entries: 20_000n, entriesAfterRest: 1_000n, restMs: 60_000 };

/**
 * Each commit to the source can cost an application a transaction: one that has read, and only then wants to write,
 * gets SQLITE_BUSY at once when another connection committed in between, whatever its timeout. So commits are few.
 */
export class PruningGate {
  readonly #worth: Worth;
  /** Entries up to here are gone, as far as this process knows. */
  #pruned: bigint | null = null;
  #prunedAt = 0;

  constructor(worth = WORTH) {
    this.#worth = worth;
  }

  /** Whether entries up to there are worth it. What an earlier process left is not known, and goes at once. */
  isWorth(durable: bigint): boolean {
    if (this.#pruned === null) return true;
    const { entries, entriesAfterRest, restMs } = this.#worth;
    const count = durable - this.#pruned;
    return count >= entries || (count >= entriesAfterRest && performance.now() - this.#prunedAt >= restMs);
  }

  pruned(through: bigint): void {
    this.#pruned = through;
    this.#prunedAt = performance.now();
  }
}
