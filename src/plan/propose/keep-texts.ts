import type { PlannedFinding, ProposedCheck, ProposedTable } from "../../model/proposal.ts";
import { renderName } from "../names/render-name.ts";
import type { Translation } from "../translate/translate-sql-text.ts";
import type { Scope } from "../translate/typed-sql.ts";
import { type ColumnPlan, objectOf, type TablePlan, type TableScopeOptions, tableScope } from "./table-plan.ts";

/**
 * The translation that holds whatever comes into a column of texts, numbers included. Only if there is none, the one
 * that holds for texts alone, where a CHECK can keep numbers out.
 */
export function withKeptTexts(
  plan: TablePlan,
  options: TableScopeOptions,
  translation: (scope: Scope) => Translation,
): Translation {
  const whole = translation(tableScope(plan, options));
  if (whole.reason === null) return whole;
  const used = new Set<ColumnPlan>();
  const kept = translation(tableScope(plan, { ...options, keep: (column) => used.add(column) }));
  if (kept.reason !== null || used.size === 0) return whole;
  for (const column of used) plan.keptTexts.add(column);
  return kept;
}

/** What SQLite reads as a number where the affinity asks for one. */
const NUMBER = "^[ \\t\\n\\v\\f\\r]*[+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)(e[+-]?[0-9]+)?[ \\t\\n\\v\\f\\r]*$";

/** The table with CHECKs that keep numbers out of those columns. */
export function keepTexts(table: ProposedTable, { keptTexts }: TablePlan): ProposedTable {
  const checks = [...keptTexts].map(
    ({ name }): ProposedCheck => ({
      name: null,
      expression: `${renderName(name)} !~* '${NUMBER}'`,
      keepsTexts: true,
      notValid: false,
    }),
  );
  return { ...table, checks: [...table.checks, ...checks] };
}

export function keptTextFindings(plan: TablePlan): PlannedFinding[] {
  return [...plan.keptTexts].map(({ source }) => ({
    code: "CHECK_ADDED",
    severity: "warning",
    table: plan.source.name,
    column: source.name,
    object: objectOf(plan, "check", source.name, [source.name]),
    message:
      `declared ${source.declaredType}, and all of its values are texts: views, CHECKs or indexes were ` +
      "translated for texts alone, so a CHECK keeps numbers out of it",
    hint:
      "nothing to do if the application writes no numbers there; else say another type by a rule, and what needs " +
      "texts is left out",
  }));
}
