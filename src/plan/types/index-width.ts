import type { ColumnProfile } from "../../model/profile.ts";

/** An entry of a B-tree must fit a third of a page, 2,704 bytes with what goes around it. */
const MAX_BYTES = 2600;

/** Bytes that the longest texts and blobs of an index's columns take together. */
export function indexBytes(columns: readonly Pick<ColumnProfile, "maxBytes">[]): number {
  return columns.reduce((sum, { maxBytes }) => sum + maxBytes, 0);
}

/** Columns of an index, at most. */
export const MAX_INDEX_COLUMNS = 32;

export function fitsIndex(bytes: number): boolean {
  return bytes <= MAX_BYTES;
}
