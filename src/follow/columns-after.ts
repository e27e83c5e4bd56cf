import type { TableMapping } from "../model/mapping.ts";
import type { SchemaChange } from "../model/schema-change.ts";

/** How a table arrives once changes are made on both sides: its name and its columns, there and here. */
export interface ArrivalAfter {
  readonly source: string;
  readonly target: string;
  readonly columns: readonly ColumnAfter[];
  /** The target's columns that are to be gone. */
  readonly dropped: readonly string[];
}

export interface ColumnAfter {
  readonly source: string;
  readonly target: string;
  /** As the source called it when the table was mapped; null for a new one. */
  readonly was: string | null;
}

export interface TargetNames {
  /** What the plan calls a table of the source, and a column of it. */
  table(table: string): string;
  column(table: string, column: string): string;
}

/** What someone called a table or column in the target stays, unless the source calls it otherwise now. */
export function arrivalAfter(
  mapping: TableMapping,
  changes: readonly SchemaChange[],
  names: TargetNames,
): ArrivalAfter {
  let source = mapping.source;
  let target = mapping.target.name;
  let columns: ColumnAfter[] = mapping.columns.map((column) => ({
    source: column.source,
    target: column.target,
    was: column.source,
  }));
  const dropped: string[] = [];
  const last = changes.reduce((name, change) => (change.kind === "table-renamed" ? change.to : name), source);
  for (const change of changes)
    switch (change.kind) {
      case "table-renamed":
        source = change.to;
        target = names.table(change.to);
        break;
      case "column-renamed":
        columns = columns.map((column) =>
          column.source === change.column
            ? { ...column, source: change.to, target: names.column(last, change.to) }
            : column,
        );
        break;
      case "column-dropped":
        dropped.push(...columns.filter((column) => column.source === change.column).map((column) => column.target));
        columns = columns.filter((column) => column.source !== change.column);
        break;
      case "column-added":
        if (!change.generated)
          columns.push({ source: change.column, target: names.column(last, change.column), was: null });
        break;
      default:
    }
  // One that was dropped and added again under its name is there.
  const gone = dropped.filter((name) => !columns.some((column) => column.target === name));
  return { source, target, columns, dropped: gone };
}
