import { pgName } from "../../quote.ts";
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

/** `into` is a table's name, quoted. A list of no columns is no SQL, and a table may have none, or generated ones only: left out, it means those that are not generated. */
export function renderCopyIn(into: string, columns: readonly Column[]): string {
  return `copy ${into}${columns.length === 0 ? "" : ` (${names(columns)})`} from stdin`;
}

function names(columns: readonly Column[]): string {
  return columns.map(({ name }) => pgName(name)).join(", ");
}
