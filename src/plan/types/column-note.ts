import type { PlannedFinding } from "../../model/proposal.ts";
import type { ColumnRules } from "../../model/rules.ts";

/** A finding about a column, without the column's name. */
export interface ColumnNote extends Omit<PlannedFinding, "table" | "column" | "rules"> {
  /** Rules for the column that would answer it, the recommended one first. */
  readonly answers?: readonly ColumnAnswer[];
}

export interface ColumnAnswer {
  readonly description: string;
  readonly rule: ColumnRules;
}

export function noteOf(table: string, column: string, { answers, ...finding }: ColumnNote): PlannedFinding {
  const rules = answers?.map(({ description, rule }) => ({
    description,
    rules: { tables: { [table]: { columns: { [column]: rule } } } },
  }));
  return { ...finding, table, column, ...(rules === undefined ? {} : { rules }) };
}

/** How a person follows the first rule that a blocking finding offers. */
export const WRITE_RULES = "`changeover validate --write-rules` writes the first of the rules below into the config";

/** The answers that any type allows: what does not fit it is quarantined, or arrives as NULL where the column can. */
export function quarantineRows(type: string, column: { readonly notNull: boolean }, keyed: boolean): ColumnAnswer[] {
  const quarantine: ColumnAnswer = {
    description: `${type}; rows with another value there are quarantined in changeover.quarantine`,
    rule: { type, onBadValue: "quarantine" },
  };
  if (column.notNull || keyed) return [quarantine];
  return [quarantine, { description: `${type}; other values arrive as NULL`, rule: { type, onBadValue: "null" } }];
}
