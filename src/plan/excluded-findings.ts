import type { PlannedFinding } from "../model/proposal.ts";
import type { ExcludedObject } from "../model/schema.ts";

/** What rules leave behind, and what cannot be without it. */
export function excludedFindings(excluded: readonly ExcludedObject[]): PlannedFinding[] {
  return excluded.map(({ kind, name, table, without }) => ({
    code: "EXCLUDED",
    severity: "info",
    table: table ?? name,
    ...(kind === "column" ? { column: name } : {}),
    object: { kind, name },
    message:
      without === null
        ? `the ${kind} ${name} stays behind, by a rule or --exclude`
        : `the ${kind} ${name} cannot be without the column ${without}, which a rule leaves behind`,
    hint: "nothing to do, if that is what you want",
  }));
}
