import type { Finding } from "../../model/proposal.ts";
import {
  accepts,
  badValueRule,
  type Rules,
  rulesOfColumn,
  rulesOfTable,
  type SuggestedRule,
} from "../../model/rules.ts";

/**
 * Blocking findings that a person has answered, by `accept` or by a rule that the finding suggests, block no longer.
 */
export function settleFindings(findings: readonly Finding[], rules: Rules): Finding[] {
  return findings.map((finding) => {
    if (finding.severity !== "blocking") return finding;
    if (accepts(rules, finding)) return { ...finding, severity: "warning", settledBy: "accept" };
    if ((finding.rules ?? []).some((suggested) => isFollowed(suggested, rules)))
      return { ...finding, severity: "warning", settledBy: "rule" };
    return finding;
  });
}

/** Whether the rules hold all that a suggestion says. Of two ways to deal with a bad value either is an answer. */
function isFollowed({ rules: wanted }: SuggestedRule, rules: Rules): boolean {
  if ((wanted.accept ?? []).length > 0) return false;
  const tables = Object.entries(wanted.tables ?? {});
  if (tables.length === 0) return false;
  return tables.every(([table, { columns = {}, onBadValue, ...ofTable }]) => {
    const followed = onBadValue === undefined || badValueRule(rules, table, null) !== "stop";
    return (
      followed &&
      holds(rulesOfTable(rules, table), ofTable) &&
      Object.entries(columns).every(
        ([column, { onBadValue: ofValue, ...ofColumn }]) =>
          holds(rulesOfColumn(rules, table, column), ofColumn) &&
          (ofValue === undefined || badValueRule(rules, table, column) !== "stop"),
      )
    );
  });
}

function holds(given: object, wanted: object): boolean {
  const entries = new Map(Object.entries(given));
  return Object.entries(wanted).every(([name, value]) => entries.get(name) === value);
}
