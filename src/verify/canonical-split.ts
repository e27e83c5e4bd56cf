import { type ColumnMapping, type KeyColumn, keyColumns, type TableMapping } from "../model/mapping.ts";
import type { CanonicalForm } from "../rows/canonical-form.ts";
import { codecOf } from "../rows/types/codecs.ts";

/**
 * Which columns of a table are compared by their canonical form, in the order of writing, and which by their values.
 */
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
  const formats = mapping.columns.map((column) => ({
    column,
    format: unlike.has(column.source) ? null : canonicalForm(column),
  }));
  const canonical: CanonicalColumn[] = formats.flatMap(({ column, format }) =>
    format === null ? [] : [{ column, format }],
  );
  const keys = keyColumns(mapping);
  // The rowid is a column of the target alone.
  if (mapping.identity.kind === "rowid" && canonical.length > 0)
    for (const column of keys) canonical.push({ column, format: canonicalForm(column) as CanonicalForm });
  return {
    canonical: (["number", "counted", "free"] as const).flatMap((place) =>
      canonical.filter(({ format }) => format.place === place),
    ),
    others: formats.flatMap(({ column, format }) => (format === null ? [column] : [])),
    namesRows: keys.every((key) =>
      canonical.some(({ column }) => column.source === key.source && column.target === key.target),
    ),
  };
}

/** Null where the columns of a type are seldom written alike, or where a rule makes NULL of some values. */
function canonicalForm({ conversion, onBadValue }: KeyColumn): CanonicalForm | null {
  return onBadValue === "null" ? null : codecOf(conversion).comparison.canonical;
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
