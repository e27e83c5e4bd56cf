import type { FailbackLoss } from "../model/failback-loss.ts";
import { renderCount } from "./render-count.ts";

const SHOWN_KEYS = 5;

/** A line for each thing that does not go back: table, column and keys, no values. */
export function renderLosses(losses: readonly FailbackLoss[]): string[] {
  return losses.map((loss) => `  ${describe(loss)}${keysOf(loss)}`);
}

function describe({ column, count, kind, object, table }: FailbackLoss): string {
  const values = renderCount(count, "value");
  switch (kind) {
    case "rounded":
      return `${table}.${column}: ${values} ${count === 1 ? "is" : "are"} cut to what SQLite can hold there`;
    case "null":
      return `${table}.${column}: ${values} that SQLite cannot hold ${count === 1 ? "becomes" : "become"} NULL`;
    case "number":
      return (
        `${table}.${column}: ${values} ${count === 1 ? "becomes a number" : "become numbers"}, since the ` +
        `column is declared for numbers`
      );
    case "table_added":
      return `table ${table} was made after the cutover: it stays behind with ${renderCount(count, "row")}`;
    case "column_added":
      return `column ${table}.${column} was made after the cutover: it stays behind with ${values}`;
    case "table_dropped":
      return `table ${table} was dropped in PostgreSQL: the source keeps its rows as they were`;
    case "column_dropped":
      return `column ${table}.${column} was dropped in PostgreSQL: the source keeps its values as they were`;
    case "object_added":
      return (
        `${object ?? ""}${object?.endsWith(` ${table}`) === true ? "" : ` of ${table}`} was made after the ` +
        `cutover: it stays behind`
      );
  }
}

function keysOf({ count, keys }: FailbackLoss): string {
  if (keys.length === 0) return "";
  const shown = keys.slice(0, SHOWN_KEYS);
  return ` (${count === 1 ? "key" : "keys"} ${shown.join("; ")}${count > shown.length ? "; …" : ""})`;
}
