import type { TakenAway, UndoneFile } from "../schema/backup/forecast-undo.ts";
import { renderBytes, renderCount } from "../status/render-count.ts";

/** The files in the order in which they go, each with what it takes away. */
export function renderForecast(files: readonly UndoneFile[]): string {
  const width = Math.max(0, ...files.map(({ name }) => name.length));
  return files
    .map((file) => {
      const [first = "", ...rest] = linesOf(file);
      const indent = " ".repeat(width + 4);
      return [`  ${file.name.padEnd(width)}  ${first}`, ...rest.map((line) => `${indent}${line}`)].join("\n");
    })
    .join("\n");
}

/** Whether values may be lost: rows are there, or code decides it. */
export function mayLoseValues(files: readonly UndoneFile[]): boolean {
  return files.some(({ takes, unknown }) => unknown.length > 0 || takes.some(({ rows }) => rows > 0));
}

function linesOf({ takes, unknown }: UndoneFile): string[] {
  const lines = [
    ...new Set(takes.map((one) => renderTaken(one, takes))),
    ...unknown.map((what) => `runs ${what}: what that takes away is known only when it runs`),
  ];
  return lines.length === 0 ? ["takes away no table and no column"] : lines;
}

const WORDS: Readonly<Record<TakenAway["how"], string>> = {
  dropped: "drops table",
  emptied: "empties",
  "deleted-from": "deletes rows of",
  changed: "changes rows of",
  "column-dropped": "drops",
  "column-retyped": "changes the type of",
};

/** Columns of one table are one line. */
function renderTaken(taken: TakenAway, among: readonly TakenAway[]): string {
  const { bytes, counted, how, id, rows, schema, table } = taken;
  const columns = among.flatMap((one) => (one.id === id && one.how === how && one.column !== null ? [one.column] : []));
  const name = schema === "public" ? table : `${schema}.${table}`;
  const part = columns.length === 0 ? "" : `column${columns.length === 1 ? "" : "s"} ${columns.join(", ")} of `;
  const held = rows === 0 ? "no rows" : `${counted ? "" : "about "}${renderCount(rows, "row")}, ${renderBytes(bytes)}`;
  return `${WORDS[how]} ${part}${name} (${held})`;
}
