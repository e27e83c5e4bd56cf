import type { Warning } from "../schema/prove/lint/warning.ts";
import type { Proof, ProvedMigration } from "../schema/prove/prove-migrations.ts";
import type { Problem } from "../schema/prove/step-proof.ts";
import { renderCount } from "../status/render-count.ts";

/** A proof for a person: each migration, then what is wrong as a diff, then what would hurt. */
export function renderProof(proof: Proof): string {
  const { migrations, notes, problems, together, untried, warnings } = proof;
  const tried = proof.server !== null;
  return [
    ...(tried ? migrations.map(renderMigration) : []),
    ...(together === null || problems.length > 0
      ? []
      : [
          "  " +
            (together === migrations.length
              ? "all of them"
              : together === 1
                ? "the last one"
                : `the last ${together}`) +
            " down in one transaction and up again in one: the same",
        ]),
    ...untried.map(
      ({ file, line, reason }) => `  not tried: ${file}${line === null ? "" : `, line ${line}`}: ${reason}`,
    ),
    ...problems.map(renderProblem),
    ...warnings.map(renderWarning),
    ...notes.map((note) => `note: ${note}`),
    summaryOf(proof),
  ].join("\n");
}

const OUTCOMES: Readonly<Record<ProvedMigration["outcome"], string>> = {
  proved: "up, down, up again: the same",
  "one-way": "up; it has no down half, as it says",
  unchanged: "up; not changed, so not proved",
  failed: "FAILED",
  "not-tried": "not tried",
};

function renderMigration({ name, outcome }: ProvedMigration): string {
  return `  ${name}  ${OUTCOMES[outcome]}`;
}

function renderProblem({ code, extra, hint, message, missing }: Problem): string {
  const lines = [...missing.map((line) => `- ${line}`), ...extra.map((line) => `+ ${line}`)];
  return (
    `\nerror    ${code}\n${INDENT}${message}\n` +
    lines.map((line) => `${INDENT}${line.replaceAll("\n", `\n${INDENT}  `)}\n`).join("") +
    `${INDENT}${hint}`
  );
}

const INDENT = " ".repeat(9);

function renderWarning({ code, file, hint, line, message, object, rows }: Warning): string {
  return (
    `\nwarning  ${code}  ${file}${line === null ? "" : `:${line}`}\n${INDENT}${message}` +
    `${rows === null ? "" : ` (${object}: about ${renderCount(rows, "row")})`}\n${INDENT}${hint}`
  );
}

function summaryOf({ migrations, problems, server, untried, warnings }: Proof): string {
  const warned =
    warnings.length === 0
      ? "nothing in them would hurt, as far as that can be seen"
      : `${renderCount(warnings.length, "warning")}; what you know of and take: -- changeover: allow CODE in the file`;
  if (server === null) return `\n${renderCount(migrations.length, "migration")} checked, none of them run: ${warned}`;
  if (problems.length > 0)
    return (
      `\n${renderCount(problems.length, "thing")} wrong with ${renderCount(migrations.length, "migration")}: ` +
      "lines with - should be there, lines with + should not"
    );
  const butFor = untried.length === 0 ? "" : `, but for ${renderCount(untried.length, "statement")} not tried`;
  const proved = `${renderCount(migrations.length, "migration")} proved on ${server}${butFor}`;
  return `\n${proved}: ${warned}\nnext: changeover up`;
}
