import type { PlannedFinding } from "../model/proposal.ts";
import type { ExcludedObject } from "../model/source-schema.ts";

/** What rules leave behind, and what cannot be without it. */
export function excludedFindings(excluded: readonly ExcludedObject[]): PlannedFinding[] {
  return excluded.map(({ isSeeded, keeper, kind, name, table, without }) => ({
    code: "EXCLUDED",
    severity: "info",
    table: table ?? name,
    ...(kind === "column" ? { column: name } : {}),
    object: { kind, name },
    message:
      keeper !== undefined
        ? `${keeper} keeps the table ${name} for the source's file alone: it stays behind`
        : isSeeded === true
          ? `the table ${name} stays behind: the target's own rows in it stay, by the rule seeded: keep`
          : without === null
            ? `the ${kind} ${name} stays behind, by a rule or --exclude`
            : `the ${kind} ${name} cannot be without the column ${without}, which a rule leaves behind`,
    hint:
      keeper === undefined
        ? "nothing to do, if that is what you want"
        : "nothing to do; the rule exclude: false for the table brings it along",
  }));
}
