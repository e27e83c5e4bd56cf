import { type ColumnMapping, type KeyColumn, keyColumns, type TableMapping } from "../model/mapping.ts";
import type { CanonicalForm } from "../rows/canonical/canonical-form.ts";
import { codecOf } from "../rows/types/codecs.ts";

/** Which columns of a table are compared by their canonical form, and which by their values. */
export interface CanonicalSplit {
  readonly canonical: readonly CanonicalColumn[];
  readonly others: readonly ColumnMapping[];
  /** The canonical columns hold the key, so equal sums mean equal rows in whatever order these are read. */
  readonly namesRows: boolean;
}

export interface CanonicalColumn {
  readonly column: KeyColumn;
  readonly format: CanonicalForm;
}

/** `unlike`: columns whose equal values the two databases were seen to write differently. */
export function splitColumns(mapping: TableMapping, unlike: ReadonlySet<string>): CanonicalSplit {
  // Where a rule makes NULL of some values, those are compared as the rule says.
  const isCanonical = ({ onBadValue, source }: KeyColumn) => onBadValue !== "null" && !unlike.has(source);
  const keys = keyColumns(mapping);
  const columns = mapping.columns.filter(isCanonical);
  // The rowid is a column of the target alone.
  const all = mapping.identity.kind === "rowid" && columns.length > 0 ? [...keys, ...columns] : columns;
  return {
    canonical: all.map((column) => ({ column, format: codecOf(column.conversion).comparison.canonical })),
    others: mapping.columns.filter((column) => !isCanonical(column)),
    namesRows: keys.every((key) => all.some(({ source, target }) => source === key.source && target === key.target)),
  };
}

/**
 * Whether both sides order the key alike, so that a page is a range of it. Else rows are looked up by a list of keys.
 */
export function hasKeyRanges(mapping: TableMapping): boolean {
  const [key, ...others] = keyColumns(mapping);
  return (
    others.length === 0 &&
    key?.affinity === "integer" &&
    key.conversion.kind === "integer" &&
    key.onBadValue === undefined
  );
}
