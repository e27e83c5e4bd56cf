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
  /** Entries up to here are gone; null until that is known. */
  #pruned: bigint | null = null;
  #prunedAt = performance.now();

  constructor(worth = WORTH) {
    this.#worth = worth;
  }

  get isKnown(): boolean {
    return this.#pruned !== null;
  }

  /** Whether entries up to there are worth it. */
  isWorth(durable: bigint): boolean {
    if (this.#pruned === null) return false;
    const { entries, entriesAfterRest, restMs } = this.#worth;
    const count = durable - this.#pruned;
    return count >= entries || (count >= entriesAfterRest && performance.now() - this.#prunedAt >= restMs);
  }

  /** What an earlier process left counts from where its log begins. */
  begins(first: bigint): void {
    this.#pruned = first - 1n;
  }

  pruned(through: bigint): void {
    this.#pruned = through;
    this.#prunedAt = performance.now();
  }
}
