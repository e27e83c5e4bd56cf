import type { TableMapping } from "../model/mapping.ts";
import type { SourceTable } from "../model/source-schema.ts";

export interface WrittenTable {
  readonly mapping: TableMapping;
  readonly table: SourceTable;
}

/**
 * A virtual table was read and captured where its module keeps the rows. Written are its rows through the module, so
 * that its index is kept: this is that table by its own name, with its columns by theirs. Other tables are themselves.
 */
export function throughModule(mapping: TableMapping, table: SourceTable): WrittenTable {
  const { virtual } = table;
  if (virtual === undefined) return { mapping, table };
  const names = new Map(table.columns.map(({ name, knownAs }) => [name, knownAs ?? name]));
  const known = (name: string) => names.get(name) ?? name;
  // The module is asked for coordinates by name here; no other expression stands in such a table's columns.
  const columns = mapping.columns.map(({ expression: _, ...column }) => ({ ...column, source: known(column.source) }));
  const { identity } = mapping;
  return {
    mapping: {
      ...mapping,
      source: virtual.name,
      columns,
      identity: identity.kind === "rowid" ? identity : { kind: "columns", columns: identity.columns.map(known) },
    },
    table: {
      ...table,
      name: virtual.name,
      columns: table.columns.map((column) => ({ ...column, name: known(column.name), generated: null })),
      primaryKey: table.primaryKey.map(known),
      rowidAlias: table.rowidAlias === null ? null : known(table.rowidAlias),
      rowidName: table.rowidName === null ? null : known(table.rowidName),
      indexes: [],
    },
  };
}

/**
 * Columns of a virtual table that a rule's expression makes: it names the columns of the module's own table, which are
 * not written.
 */
export function expressionsBehindModule(mapping: TableMapping, { columns, virtual }: SourceTable): string[] {
  if (virtual === undefined) return [];
  return mapping.columns
    .filter(
      ({ source, expression }) =>
        expression !== undefined && columns.find(({ name }) => name === source)?.generated?.expression !== expression,
    )
    .map(({ source }) => source);
}

/** R-Trees keep coordinates in 32 bits: the least rounded down, the most rounded up. */
export function isCoordinate({ virtual }: SourceTable, column: string): boolean {
  return virtual?.module === "rtree" && virtual.boxes?.some((pair) => pair.includes(column)) === true;
}
