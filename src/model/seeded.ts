import { type Rules, rulesOfTable } from "./rules.ts";

/**
 * What becomes of rows that the target's table holds before a run, put there by the application's own migrations.
 * `truncate`: they go, and the source's rows come. `keep`: they stay, and the source's table stays behind. `merge`:
 * the same as `truncate`, but only where the source has each of them, equal.
 */
export type Seeded = "truncate" | "keep" | "merge";

/** What a rule says of the rows in a table's counterpart; null: nothing, so that they block. */
export function seededRule(rules: Rules, table: string): Seeded | null {
  return rulesOfTable(rules, table).seeded ?? rules.seeded ?? null;
}
