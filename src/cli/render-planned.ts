import type { PlannedChange } from "../schema/migrate/dry-run.ts";

/** The SQL of a dry run, each file under its name. */
export function renderPlanned(planned: readonly PlannedChange[]): string {
  return planned.map(renderOne).join("\n\n");
}

function renderOne({ asksDatabase, direction, name, sql, transaction }: PlannedChange): string {
  const where = transaction ? "" : ", outside a transaction: statement by statement, each in effect at once";
  const unknown = asksDatabase
    ? ["-- This file asks the database while it runs. It was not asked, so what SQL the file would run is not known."]
    : [];
  return [`-- ${name} (${direction})${where}`, ...unknown, ...sql.map(tidy)].join("\n");
}

/** node-pg-migrate ends a text with a semicolon of its own where a line break follows the last one. */
function tidy(sql: string): string {
  return sql.trim().replace(/;\s*;$/, ";");
}
