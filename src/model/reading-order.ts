import { type KeyColumn, keyColumns, rowidColumn, type TableMapping } from "./mapping.ts";

/**
 * The columns in whose order a table is read: those of its key; or the rowid, in whose order the rows lie, where
 * nothing is written meanwhile, or where it is known what is. A text key leads from row to row at random, which takes
 * twice the time. But a row that REPLACE moves is met twice, or not at all.
 */
export function readingOrder(
  mapping: TableMapping,
  { isAtRest }: { readonly isAtRest: boolean },
): readonly KeyColumn[] {
  return isAtRest && mapping.rowidName !== undefined ? [rowidColumn(mapping.rowidName)] : keyColumns(mapping);
}
