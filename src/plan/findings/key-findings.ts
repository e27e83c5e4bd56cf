import type { Tuple } from "../../model/key.ts";
import type { PlannedFinding } from "../../model/proposal.ts";
import type { SourceTable } from "../../model/schema.ts";
import { shellWord, sqliteName } from "../../quote.ts";
import { figure } from "./count-values.ts";
import { withoutTable } from "./table-findings.ts";

/** Keys that differ in SQLite and would be one in PostgreSQL: found, not only feared. */
export function keyCollision(
  table: SourceTable,
  columns: readonly string[],
  found: { readonly count: number; readonly examples: readonly Tuple[] },
): PlannedFinding {
  return {
    code: "KEY_COLLISION",
    severity: "blocking",
    table: table.name,
    ...(columns.length === 1 ? { column: columns[0] ?? "" } : {}),
    count: found.count,
    examples: found.examples,
    message: `${figure(found.count)} rows have a key in ${columns.join(", ")} that differs in SQLite from another and would be the same in PostgreSQL, as 1 and '1' are one text`,
    hint: `leave the table behind with --exclude ${shellWord(table.name)}, or give those rows keys of their own in the source`,
    rules: [withoutTable(table.name)],
  };
}

/** A primary key with NULLs, which SQLite allows and PostgreSQL does not. */
export function nullInKey(table: SourceTable, column: string, nulls: number): PlannedFinding {
  return {
    code: "NULL_IN_KEY",
    severity: "warning",
    table: table.name,
    column,
    count: nulls,
    where: `t.${sqliteName(column)} IS NULL`,
    message: `its primary key holds ${figure(nulls)} NULL${nulls === 1 ? "" : "s"}, which SQLite allows: it becomes UNIQUE instead`,
    hint: "give those rows keys in the source to get a primary key",
  };
}
