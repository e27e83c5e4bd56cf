import type { Finding } from "../model/proposal.ts";

/** Findings for a person, the worst first; empty if there are none. */
export function renderFindings(findings: readonly Finding[]): string {
  const order = { blocking: 0, warning: 1, info: 2 } as const;
  return [...findings]
    .sort((a, b) => order[a.severity] - order[b.severity])
    .map(({ severity, code, table, column, message, hint }) => `${severity.padEnd(8)} ${code}  ${table ?? ""}${column === undefined ? "" : `.${column}`}\n         ${message}\n         ${hint}\n`)
    .join("");
}
