import type { SourceForeignKey, SourceSchema, SourceTable } from "./source-schema.ts";

/** Rows of a table that break one of its foreign keys. */
export interface ForeignKeyOrphans {
  readonly table: string;
  /** Place of the foreign key in the table's list. */
  readonly position: number;
  /** Null where SQLite cannot tell: the key compares by a collation of the application's own. */
  readonly rows: number | null;
  /** SQLite condition on those rows `t`. */
  readonly where: string;
}

/** A foreign key with its parent found; or why it means nothing. */
export type ResolvedForeignKey =
  | { readonly parent: SourceTable; readonly parentColumns: readonly string[]; readonly problem: null }
  | { readonly parent: SourceTable | null; readonly parentColumns: null; readonly problem: string };

/** SQLite resolves these when a row is written, not when the table is made: so they can be wrong. */
export function resolveForeignKey(schema: SourceSchema, key: SourceForeignKey): ResolvedForeignKey {
  const parent = schema.tables.find(({ name }) => same(name, key.parentTable));
  if (parent === undefined)
    return { parent: null, parentColumns: null, problem: `there is no table ${key.parentTable}` };
  const named = key.parentColumns ?? parent.primaryKey;
  const parentColumns = named.map((name) => parent.columns.find((column) => same(column.name, name))?.name);
  if (!parentColumns.every((name) => name !== undefined))
    return { parent, parentColumns: null, problem: `${parent.name} lacks a column that it refers to` };
  if (parentColumns.length === 0 || parentColumns.length !== key.columns.length)
    return {
      parent,
      parentColumns: null,
      problem: `it has ${key.columns.length} columns, the key of ${parent.name} has ${parentColumns.length}`,
    };
  if (!isUnique(parent, parentColumns))
    return { parent, parentColumns: null, problem: `what it refers to in ${parent.name} is not unique` };
  return { parent, parentColumns, problem: null };
}

function isUnique(table: SourceTable, columns: readonly string[]): boolean {
  const keys = table.indexes
    .filter(({ unique, where }) => unique && where === null)
    .map(({ terms }) => terms.map(({ column }) => column));
  return [table.primaryKey, ...keys].some(
    (key) => key.length === columns.length && columns.every((name) => key.includes(name)),
  );
}

function same(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
