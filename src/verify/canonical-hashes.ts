import type { ValuePart } from "../rows/canonical/canonical-form.ts";
import { CanonicalValue } from "../rows/canonical/canonical-value.ts";
import { ValueTokens } from "../rows/canonical/value-tokens.ts";
import type { CanonicalSplit } from "./canonical-split.ts";
import { RowHasher, type RowHashes } from "./row-hash.ts";

export interface CanonicalHashes {
  /** Of the rows that are not pending. */
  readonly hashes: RowHashes;
  /** All of those rows have a canonical form. Else their hashes say nothing. */
  readonly areKnown: boolean;
  readonly pending: number;
  /** A value was not read, since it is longer than one of so many may be. */
  readonly hasTooLong: boolean;
}

/** What SQLite gave of a page's rows. */
export interface PageTokens {
  readonly rows: number;
  /** Tokens of the canonical columns' parts, one column of the answer for each. */
  readonly parts: readonly (ArrayBuffer | null)[];
  /** A digit for each row, 1 for one that is pending; null where none is. */
  readonly pending: Uint8Array | null;
}

const ONE = 0x31;
/** Each value is hashed before the next is written. */
const VALUE = new CanonicalValue();

/** Writes the values of a page's rows in canonical form, one after the other, and hashes them. */
export function hashPage(
  { canonical, namesRows }: CanonicalSplit,
  forms: readonly (readonly ValuePart[])[],
  { parts, pending, rows }: PageTokens,
): CanonicalHashes {
  const tokens: ValueTokens[] = [];
  const writers = canonical.map(({ format }, index) => {
    const own = (forms[index] ?? []).map(
      ({ separator }, part) => new ValueTokens(new Uint8Array(parts[tokens.length + part] ?? NONE), separator),
    );
    tokens.push(...own);
    return format.writer(own);
  });
  const hasher = new RowHasher({ maxRows: rows, columns: writers.length, isByPlace: !namesRows });
  const value = VALUE;
  value.hasTooLong = false;
  let areKnown = true;
  let left = 0;
  for (let index = 0; index < rows; index++) {
    hasher.beginRow();
    let isKnown = true;
    for (let column = 0; column < writers.length; column++) {
      value.begin();
      if (writers[column]?.(value) === true) hasher.addValue(column, value);
      else isKnown = false;
    }
    if (pending !== null && pending[index] === ONE) left++;
    else if (isKnown) hasher.endRow();
    else areKnown = false;
  }
  return {
    hashes: hasher.hashes,
    areKnown: areKnown && tokens.every((one) => one.isAtEnd),
    pending: left,
    hasTooLong: value.hasTooLong,
  };
}

const NONE = new ArrayBuffer(0);
