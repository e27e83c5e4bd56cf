import type { Encoding } from "../db/source-text.ts";
import { type KeyColumn, keyColumns, type TableMapping } from "../model/mapping.ts";
import type { SourceTable } from "../model/schema.ts";
import type { ValueKind } from "../value/kind.ts";
import { kindOf } from "../value/kinds.ts";
import { ColumnForms } from "./forms.ts";
import { isCoordinate, throughModule } from "./through-module.ts";

/** A table on its way back: how both sides know it, and in which forms the source writes its values. */
export interface ReturnTable {
  readonly mapping: TableMapping;
  readonly table: SourceTable;
  readonly encoding: Encoding;
  /** The mapping's columns, in its order. */
  readonly columns: readonly ReturnColumn[];
  /** The place of each of them among the table's columns. */
  readonly places: readonly number[];
  readonly keys: readonly ReturnKey[];
  /** Names of the application's triggers that must not fire for rows that come back. */
  readonly silenced: readonly string[];
}

export interface ReturnColumn {
  readonly source: string;
  readonly kind: ValueKind;
  readonly forms: ColumnForms;
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

export interface ReturnKey {
  readonly source: string;
  readonly kind: ValueKind;
  readonly forms: ColumnForms;
  /** Its place among the columns; null for a rowid. */
  readonly position: number | null;
}

export function returnTable(mapping: TableMapping, source: SourceTable, silenced: readonly string[]): ReturnTable {
  const { mapping: written, table } = throughModule(mapping, source);
  const columns = written.columns.map((column): ReturnColumn => {
    const declared = table.columns.find(({ name }) => name === column.source);
    return {
      source: column.source,
      kind: kindOf(column.conversion),
      forms: new ColumnForms(column),
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
  const keys = keyColumns(written).map((key): ReturnKey => {
    const position =
      written.identity.kind === "rowid" ? null : columns.findIndex(({ source }) => source === key.source);
    // A key travels raw, whatever a rule makes of the column: then it has forms of its own.
    const own = position === null || columns[position]?.expression !== null;
    return {
      source: key.source,
      kind: kindOf(key.conversion),
      forms: own ? new ColumnForms(key) : (columns[position ?? 0]?.forms ?? new ColumnForms(key)),
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
