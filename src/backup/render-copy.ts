import { pgName } from "../quote.ts";
import { rowsOf } from "./holdings.ts";

interface Table {
  readonly schema: string;
  readonly name: string;
  readonly partitioned: boolean;
}

interface Column {
  readonly name: string;
}

export function renderCopyOut(table: Table, columns: readonly Column[]): string {
  return `copy (select ${names(columns)} from ${rowsOf(table)}) to stdout`;
}

/** `into` is a table's name, quoted. */
export function renderCopyIn(into: string, columns: readonly Column[]): string {
  return `copy ${into} (${names(columns)}) from stdin`;
}

function names(columns: readonly Column[]): string {
  return columns.map(({ name }) => pgName(name)).join(", ");
}
