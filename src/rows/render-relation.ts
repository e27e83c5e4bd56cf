import type { TableMapping } from "../model/mapping.ts";
import type { SourceTable } from "../model/source-schema.ts";
import { sqliteName } from "../quote.ts";

/** What of a table shapes the relation: see {@link renderRelation}. */
export interface ShapedTable {
  readonly source: string;
  /** The name by which the rowid is asked for, where it is. */
  readonly rowidName: string | null;
  readonly columns: readonly { readonly source: string; readonly expression?: string }[];
}

/**
 * The text after FROM for a table: the table; or, where rules put an expression in a column's
 * place, a subquery in which that column has its old name. SQLite flattens it: keys are still found by their index.
 */
export function renderRelation(table: ShapedTable): string {
  const name = sqliteName(table.source);
  if (table.columns.every(({ expression }) => expression === undefined)) return name;
  const rowid = table.rowidName === null ? [] : [`${sqliteName(table.rowidName)} AS ${sqliteName(table.rowidName)}`];
  // A line end after it, lest an expression that ends in a comment swallows what follows.
  const columns = table.columns.map(
    ({ source, expression }) =>
      `${expression === undefined ? sqliteName(source) : `(${expression}\n)`} AS ${sqliteName(source)}`,
  );
  return `(SELECT ${[...rowid, ...columns].join(", ")} FROM ${name})`;
}

/** The same for a table of the source as it was read. */
export function sourceRelation(table: Pick<SourceTable, "name" | "relation">): string {
  return table.relation ?? sqliteName(table.name);
}

export function mappedRelation(mapping: TableMapping): string {
  return renderRelation({
    source: mapping.source,
    rowidName: mapping.identity.kind === "rowid" ? mapping.identity.rowidName : (mapping.rowidName ?? null),
    columns: mapping.columns,
  });
}
