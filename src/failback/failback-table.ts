import { type KeyColumn, keyColumns, type TableMapping } from "../model/mapping.ts";
import type { SourceTable } from "../model/source-schema.ts";
import type { Comparison } from "../rows/codec.ts";
import { codecOf } from "../rows/types/codecs.ts";
import type { SourceEncoding } from "../source/source-text.ts";
import { ColumnFormats } from "./formats.ts";
import { isCoordinate, throughModule } from "./through-module.ts";

/** A table on its failback: how both sides know it, and in which forms the source writes its values. */
export interface FailbackTable {
  readonly mapping: TableMapping;
  readonly table: SourceTable;
  readonly encoding: SourceEncoding;
  /** The mapping's columns, in its order. */
  readonly columns: readonly FailbackColumn[];
  /** The place of each of them among the table's columns. */
  readonly places: readonly number[];
  readonly keys: readonly FailbackKey[];
  /** Names of the application's triggers that must not fire for rows that come back. */
  readonly silenced: readonly string[];
}

export interface FailbackColumn {
  readonly source: string;
  readonly comparison: Comparison;
  readonly formats: ColumnFormats;
  /** SQL that stands for the column, by a rule. */
  readonly expression: string | null;
  /** SQLite computes it: it cannot be written. */
  readonly generated: boolean;
  readonly notNull: boolean;
  /** What SQLite has no value for may go back as NULL. */
  readonly nullable: boolean;
  /** SQLite keeps no more of it than 32 bits. */
  readonly coordinate: boolean;
  /** A value that may not pass is NULL in the target, by a rule. */
  readonly nullForBad: boolean;
  readonly column: KeyColumn;
}

export interface FailbackKey {
  readonly source: string;
  readonly comparison: Comparison;
  readonly formats: ColumnFormats;
  /** Its place among the columns; null for a rowid. */
  readonly position: number | null;
}

export function failbackTable(mapping: TableMapping, source: SourceTable, silenced: readonly string[]): FailbackTable {
  const { mapping: written, table } = throughModule(mapping, source);
  const columns = written.columns.map((column): FailbackColumn => {
    const declared = table.columns.find(({ name }) => name === column.source);
    return {
      source: column.source,
      comparison: codecOf(column.conversion).comparison,
      formats: new ColumnFormats(column),
      expression: column.expression ?? null,
      generated: declared?.generated != null,
      coordinate: isCoordinate(table, column.source),
      notNull: declared?.notNull === true,
      nullable:
        declared?.notNull !== true &&
        column.expression === undefined &&
        !keyColumns(written).some(({ source: name }) => name === column.source),
      nullForBad: column.onBadValue === "null",
      column,
    };
  });
  const keys = keyColumns(written).map((key): FailbackKey => {
    const position =
      written.identity.kind === "rowid" ? null : columns.findIndex(({ source }) => source === key.source);
    // A key travels raw, whatever a rule makes of the column: then it has forms of its own.
    const own = position === null || columns[position]?.expression !== null;
    return {
      source: key.source,
      comparison: codecOf(key.conversion).comparison,
      formats: own ? new ColumnFormats(key) : (columns[position ?? 0]?.formats ?? new ColumnFormats(key)),
      position,
    };
  });
  const places = columns.map(({ source }) => table.columns.findIndex(({ name }) => name === source));
  return {
    mapping,
    table,
    encoding: mapping.encoding === undefined ? "UTF-8" : mapping.encoding,
    columns,
    places,
    keys,
    silenced,
  };
}
