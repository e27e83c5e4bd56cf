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

/**
 * `into`: quoted name of a table. An empty column list is invalid SQL, so it is omitted for a table without (or with
 * only generated) columns: COPY then uses all columns that are not generated.
 */
export function renderCopyIn(into: string, columns: readonly Column[]): string {
  return `copy ${into}${columns.length === 0 ? "" : ` (${names(columns)})`} from stdin`;
}

function names(columns: readonly Column[]): string {
  return columns.map(({ name }) => pgName(name)).join(", ");
}
