import { showTuple, type Tuple } from "../model/key.ts";
import type { Finding } from "../model/proposal.ts";

/** Findings for a person, the worst first; empty if there are none. */
export function renderFindings(findings: readonly Finding[]): string {
  const order = { blocking: 0, warning: 1, info: 2 } as const;
  return [...findings]
    .sort((a, b) => order[a.severity] - order[b.severity])
    .map((finding) => `${renderFinding(finding).join(`\n${INDENT}`)}\n`)
    .join("");
}

const INDENT = " ".repeat(9);

function renderFinding(finding: Finding): string[] {
  const { severity, code, table, column, message, hint, settledBy } = finding;
  const settled = settledBy === undefined ? "" : settledBy === "accept" ? "  (accepted)" : "  (answered by a rule)";
  return [
    `${severity.padEnd(8)} ${code}  ${table}${column === undefined ? "" : `.${column}`}${settled}`,
    message,
    ...renderExamples(finding),
    hint,
    ...(severity === "blocking" ? renderRules(finding) : renderAnswers(finding)),
  ];
}

function renderExamples({ examples = [], values = [], count = 0 }: Finding): string[] {
  if (examples.length === 0) return [];
  const rows = examples.map(
    (key, index) => `${showKey(key)}${values[index] === undefined ? "" : ` (${values[index]})`}`,
  );
  return [
    (count > examples.length
      ? `keys of ${examples.length} of ${count.toLocaleString("en-US")}`
      : examples.length === 1
        ? "key of the row"
        : "keys of the rows") + `: ${rows.join(", ")}`,
  ];
}

function showKey(key: Tuple): string {
  return key.length === 1 ? showTuple(key) : `(${showTuple(key)})`;
}

/** What blocks comes with its answers in full, to be pasted into the config. */
function renderRules({ rules = [] }: Finding): string[] {
  if (rules.length === 0) return [];
  return [
    "rules that would answer it, for changeover.config.json:",
    ...rules.flatMap(({ description, rejected = 0, rules: rule }) => [
      `- ${description}${rejected === 0 ? "" : ` (${rejected.toLocaleString("en-US")} of them)`}`,
      `  ${JSON.stringify(rule)}`,
    ]),
  ];
}

/** What does not block only with what could be chosen. */
function renderAnswers({ rules = [] }: Finding): string[] {
  return rules.length === 0 ? [] : [`rules could make it: ${rules.map(({ description }) => description).join(" | ")}`];
}
