import { type CapturedTable, renderCaptureTriggers } from "../capture/render-triggers.ts";
import type { SchemaChange } from "../model/schema-change.ts";
import { normalSql } from "./same-sql.ts";

/**
 * Whether the triggers of a table's capture are the ones that were installed, but for names that SQLite changed in
 * them. One that is gone, or still speaks of the table by its old name, did not log what it should have.
 */
export function isCaptureIntact(
  captured: CapturedTable,
  changes: readonly SchemaChange[],
  present: readonly string[],
): boolean {
  const { identity, table } = captured;
  if (
    identity.kind === "columns" &&
    !identity.columns.every((name) => table.columns.some((each) => each.name === name))
  )
    return false;
  const renamed = new Map<string, string>();
  for (const change of changes) {
    if (change.kind === "table-renamed") renamed.set(change.table.toLowerCase(), change.to.toLowerCase());
    if (change.kind === "column-renamed" && change.table === table.name)
      renamed.set(change.column.toLowerCase(), change.to.toLowerCase());
  }
  const expected = renderCaptureTriggers(captured).map(({ sql }) => normalSql(sql, renamed));
  const found = new Set(present.map((sql) => normalSql(sql, new Map())));
  return expected.length === found.size && expected.every((sql) => found.has(sql));
}
