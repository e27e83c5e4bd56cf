import type { Tuple } from "../model/key.ts";

/**
 * How far pages have counted the rows of a table: one that is a range of the key, with the same rows on both sides, has
 * none too many. Up to the first page of another kind nothing has to be counted any more; where an application adds
 * rows, that is all but the last few pages.
 */
export class CountedRanges {
  #areRanges: boolean;
  /** Where the first page began that was none of these; null: there was none yet. */
  #end: bigint | null = null;

  constructor(areRanges: boolean) {
    this.#areRanges = areRanges;
  }

  /** What comes after this key was not counted; null: nothing was. Pages may come in any order. */
  endAt(after: Tuple | null): void {
    const key = numberOf(after);
    if (key === null) this.#areRanges = false;
    else if (this.#end === null || key < this.#end) this.#end = key;
  }

  /** The key up to which all rows were counted, of those up to `reached`; null: none were. */
  upTo(reached: Tuple | null): bigint | null {
    return this.#areRanges ? (this.#end ?? numberOf(reached)) : null;
  }
}

function numberOf(tuple: Tuple | null): bigint | null {
  const [key] = tuple ?? [];
  return key?.type === "integer" ? BigInt(key.value) : null;
}
