import type { Affinity } from "./source-schema.ts";

/** How one source table arrives: what the engine copies, replays and verifies by. */
export interface TableMapping {
  /** Small number of the table in the change log and in the run's state. */
  readonly id: number;
  readonly source: string;
  /** The source's text encoding where it is not UTF-8. */
  readonly encoding?: "UTF-16le" | "UTF-16be";
  readonly target: TargetTableName;
  readonly identity: Identity;
  /** A name of the rowid, where there is one next to the key: rows lie in its order. */
  readonly rowidName?: string;
  readonly columns: readonly ColumnMapping[];
  /** What becomes of a row that PostgreSQL refuses without naming a column. Default: the run stops. */
  readonly onBadRow?: "quarantine";
  /** The run made the target's table, and takes it away again where all is undone. */
  readonly isMade?: true;
  /** Rows or values of this table may be quarantined: reading keeps their keys at hand. */
  readonly quarantine?: true;
}

export interface TargetTableName {
  readonly schema: string;
  readonly name: string;
}

/**
 * What tells rows apart, on both sides: key columns, or else SQLite's rowid. The target then holds the rowid in
 * {@link ROWID_COLUMN}.
 */
export type Identity =
  | { readonly kind: "columns"; readonly columns: readonly string[] }
  | { readonly kind: "rowid"; readonly rowidName: string };

/** The target's column for a rowid identity. Dropped by `complete`, or after a cutover without failback. */
export const ROWID_COLUMN = "_changeover_rowid";

export interface ColumnMapping {
  readonly source: string;
  readonly target: string;
  readonly affinity: Affinity;
  readonly collation: string;
  readonly conversion: Conversion;
  /** SQL on the SQLite side that stands for the column, by a rule. */
  readonly expression?: string;
  /** What becomes of a value that may not pass. Default: the run stops. */
  readonly onBadValue?: "quarantine" | "null";
}

/** How values of a column become values of the target's type. Each kind has its codec in `rows/types/`. */
export type Conversion =
  | { readonly kind: "integer"; readonly type: "smallint" | "integer" | "bigint" }
  | { readonly kind: "double" }
  | { readonly kind: "real" }
  | { readonly kind: "numeric"; readonly scale: number | null }
  | { readonly kind: "text"; readonly maxLength: number | null; readonly padded: boolean; readonly utf16?: true }
  | { readonly kind: "bytes" }
  | { readonly kind: "boolean" }
  | {
      readonly kind: "timestamp";
      readonly zone: boolean;
      readonly epoch: EpochUnit | null;
      /** Decimals of a second that the type keeps, where that is fewer than six. */
      readonly decimals?: number;
      /** Integers are dates in digits, 20240131123000: they count nothing. */
      readonly isCompact?: true;
    }
  | { readonly kind: "interval"; readonly unit: EpochUnit | null }
  | { readonly kind: "array"; readonly type: string; readonly element: ArrayElement }
  | { readonly kind: "date" }
  | { readonly kind: "time"; readonly decimals?: number }
  | { readonly kind: "json"; readonly binary: boolean }
  | { readonly kind: "uuid" }
  | { readonly kind: "network" }
  | { readonly kind: "other"; readonly type: string };

/** What elements of an array are in JSON. */
export type ArrayElement = "text" | "number" | "boolean" | "json";

/** What integers in a column of dates or intervals count. */
export type EpochUnit = "seconds" | "milliseconds" | "microseconds";

/** One column of a table's key as both sides know it. */
export interface KeyColumn {
  /** The SQLite expression's column name: a column or a name of the rowid. */
  readonly source: string;
  readonly target: string;
  readonly affinity: Affinity;
  readonly collation: string;
  readonly conversion: Conversion;
  readonly onBadValue?: "quarantine" | "null";
}

/** The key columns of a mapping, in the order of the change log's k1, k2, … */
export function keyColumns(mapping: TableMapping): readonly KeyColumn[] {
  const { identity } = mapping;
  if (identity.kind === "rowid") {
    return [rowidColumn(identity.rowidName)];
  }
  return identity.columns.map((name) => {
    const column = mapping.columns.find((candidate) => candidate.source === name);
    if (column === undefined) throw new RangeError(`key column ${name} of ${mapping.source} is not mapped`);
    return column;
  });
}

export function rowidColumn(rowidName: string): KeyColumn {
  return {
    source: rowidName,
    target: ROWID_COLUMN,
    affinity: "integer",
    collation: "BINARY",
    conversion: { kind: "integer", type: "bigint" },
  };
}

/** The columns that are copied for a row: the mapped ones, and first of all the rowid where that is the identity. */
export function copiedColumns(mapping: TableMapping): readonly KeyColumn[] {
  return mapping.identity.kind === "rowid" ? [...keyColumns(mapping), ...mapping.columns] : mapping.columns;
}
