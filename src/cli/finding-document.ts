import { Verbatim } from "../json-document.ts";
import type { Finding } from "../model/proposal.ts";

/** Findings for scripts. The rules that they suggest are config: their keys are not changed. */
export function findingDocuments(findings: readonly Finding[]): object[] {
  return findings.map(({ rules, ...finding }) => ({
    ...finding,
    ...(rules === undefined
      ? {}
      : { rules: rules.map((suggested) => ({ ...suggested, rules: new Verbatim(suggested.rules) })) }),
  }));
}
