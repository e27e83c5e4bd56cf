import type { TableProfile } from "../model/profile.ts";
import type { Finding, PlannedFinding, ProposedTable } from "../model/proposal.ts";
import type { ColumnRules, SuggestedRule } from "../model/rules.ts";
import type { SourceTable } from "../model/source-schema.ts";
import { sqliteName } from "../quote.ts";
import { notConvertible } from "../rows/not-convertible.ts";
import { conversionOfType } from "./types/conversion-of-type.ts";

/** A suggestion whose share of the rows must be known before it is made. */
export interface UnsureRule {
  readonly suggested: SuggestedRule;
  /** SQLite condition on the rows that would not pass by it. */
  readonly condition: string;
  readonly rule: ColumnRules;
  /** Values of the column that are not NULL. */
  readonly values: number;
}

interface Profiled {
  readonly table: SourceTable;
  readonly profile: TableProfile;
  readonly proposed: ProposedTable;
}

/** The suggestions of a table's findings that may quarantine every row, or that an expression decides. */
export function unsureRules(findings: readonly PlannedFinding[], { table, profile, proposed }: Profiled): UnsureRule[] {
  return findings.flatMap(({ column, count, rules = [], severity }) => {
    const seen = profile.columns.find((candidate) => candidate.column === column);
    const declared = table.columns.find(({ name }) => name === column);
    if (column === undefined || seen === undefined || declared === undefined) return [];
    const values = seen.integers + seen.reals + seen.texts + seen.blobs;
    // Where fewer values are at fault than there are, not every row can be quarantined.
    if (count !== undefined && count < values && severity !== "blocking") return [];
    return rules.flatMap((suggested): UnsureRule[] => {
      const rule = suggested.rules.tables?.[table.name]?.columns?.[column];
      const type = rule?.type ?? proposed.columns.find(({ source }) => source === column)?.type;
      if (rule === undefined || type === undefined || rule.nullAndEmpty !== undefined) return [];
      if (rule.expression === undefined && (rule.onBadValue === undefined || rule.onBadValue === "stop")) return [];
      const conversion = conversionOfType(type, rule.expression === undefined ? seen : undefined);
      const condition =
        rule.expression === undefined
          ? notConvertible(`t.${sqliteName(column)}`, type, conversion)
          : ofExpression(rule.expression, (value) => notConvertible(value, type, conversion));
      return [{ suggested, condition, rule, values }];
    });
  });
}

/**
 * A condition that names its value in many places. An expression written out in each of them overflows SQLite's parser
 * (`parser stack overflow`), so it is a column of a subquery.
 */
function ofExpression(expression: string, condition: (value: string) => string): string {
  return `(SELECT ${condition("v.value")} FROM (SELECT (${expression}\n) AS value) AS v)`;
}

/** Leaves out what would quarantine every row, lose every value, or refuse some without saying what becomes of them. */
export function withKnownShares<F extends Finding>(
  findings: readonly F[],
  unsure: readonly UnsureRule[],
  { counts, rows }: { readonly counts: readonly number[]; readonly rows: number },
): F[] {
  const rejected = new Map(unsure.map(({ suggested }, index) => [suggested, counts[index] ?? 0]));
  const isUseless = (suggested: SuggestedRule) => {
    const found = unsure.find((candidate) => candidate.suggested === suggested);
    if (found === undefined) return false;
    const count = rejected.get(suggested) ?? 0;
    const { onBadValue } = found.rule;
    if (onBadValue === "quarantine") return count > 0 && count >= rows;
    return onBadValue === "null" ? count > 0 && count >= found.values && found.values > 1 : count > 0;
  };
  return findings.map((finding) => {
    const { rules } = finding;
    if (rules === undefined || !rules.some((rule) => rejected.has(rule))) return finding;
    const kept = rules
      .filter((rule) => !isUseless(rule))
      .map((rule) => (rejected.has(rule) ? { ...rule, rejected: rejected.get(rule) ?? 0 } : rule));
    return { ...finding, rules: kept };
  });
}
