import type { CheckResult } from "../run/verification/check-result.ts";
import { renderCount } from "../status/render-count.ts";

/** The result of a comparison for a person: a sentence, then the tables that differ. */
export function renderCheck(result: CheckResult): string {
  const lines = [
    result.ok
      ? `${renderCount(result.rows, "row")} of ${renderCount(result.tables.length, "table")} compared on both ` +
        "sides: no difference"
      : `${renderCount(result.rows, "row")} compared: ${renderCount(result.differences, "difference")}` +
        (result.unsettled === 0
          ? ""
          : `, ${renderCount(result.unsettled, "row")} not brought over yet (is a sync running?)`),
  ];
  for (const table of result.tables.filter(({ differences }) => differences > 0)) {
    lines.push(`  ${table.table}: ${renderCount(table.differences, "difference")}`);
    for (const example of table.examples ?? [])
      lines.push(
        `    ${example.what} row, key ` +
          `${example.key}${example.columns.length === 0 ? "" : `: ${example.columns.join(", ")}`}`,
      );
  }
  return lines.join("\n");
}
