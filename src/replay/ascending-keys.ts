import type { LeadingFields } from "../rows/encode/copy-binary-of-json.ts";

/** The least and the greatest of keys that ascend, each greater than the one before. */
export interface KeySpan {
  readonly first: number;
  readonly last: number;
}

export interface KeyPlace {
  /** What each row begins with. */
  readonly leading: LeadingFields;
  /** Which of the fields behind it is the key, an integer. */
  readonly field: number;
}

/**
 * Of rows of a binary COPY; null where a key is NULL, or not greater than the one before. They are compared as doubles:
 * of keys beyond 2^53 two may seem to be the same, and none seems to ascend that does not.
 */
export function ascendingKeys(rows: Uint8Array, { field, leading }: KeyPlace): KeySpan | null {
  const view = new DataView(rows.buffer, rows.byteOffset, rows.byteLength);
  let [first, last] = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let at = 0; at < rows.length; ) {
    const fields = view.getInt16(at) - leading.fields;
    at += 2 + leading.bytes.length;
    for (let index = 0; index < fields; index++) {
      const length = view.getInt32(at);
      at += 4;
      if (index === field) {
        const key = integerAt(view, at, length);
        if (!(key > last)) return null;
        if (last === Number.NEGATIVE_INFINITY) first = key;
        last = key;
      }
      at += Math.max(0, length);
    }
  }
  return first === Number.NEGATIVE_INFINITY ? null : { first, last };
}

function integerAt(view: DataView, at: number, bytes: number): number {
  if (bytes === 8) return view.getInt32(at) * 2 ** 32 + view.getUint32(at + 4);
  if (bytes === 4) return view.getInt32(at);
  return bytes === 2 ? view.getInt16(at) : Number.NaN;
}
