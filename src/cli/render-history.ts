import type { HistoryItem } from "../api/results.ts";
import { toSnakeCase } from "../json-document.ts";
import type { Details } from "../run/history/store.ts";
import { renderCount, renderDuration } from "../status/render-count.ts";

const STATES: Readonly<Record<HistoryItem["state"], string>> = {
  done: "done",
  "not-done": "not done",
  failed: "failed",
  interrupted: "interrupted",
  running: "running",
  "did-not-end": "did not end",
};

/** The history for a person, an entry a line, the newest first. */
export function renderHistory(entries: readonly HistoryItem[], more: boolean): string {
  if (entries.length === 0) return "no history: changeover has not changed anything in this target yet";
  const lines = entries.map(lineOf);
  const widths = [0, 1, 2].map((column) => Math.max(...lines.map((line) => (line[column] ?? "").length)));
  const text = lines.map((line) =>
    line
      .map((part, column) => part.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
  return [...text, ...(more ? ["… and more: --limit"] : [])].join("\n");
}

function lineOf({ startedAt, command, state, code, durationMs, user, host, role, details }: HistoryItem): string[] {
  const duration = durationMs === null ? "" : ` in ${renderDuration(durationMs)}`;
  const rest = [`${user}@${host} as ${role}`, ...detailsOf(details)].join(", ");
  return [
    startedAt.replace("T", " ").replace(/\.\d+Z$/, " UTC"),
    command,
    `${STATES[state]}${duration}${code === null ? "" : ` [${code}]`}`,
    rest,
  ];
}

function detailsOf(details: Details): string[] {
  return Object.entries(details).flatMap(([name, value]) => {
    if (value === null || (Array.isArray(value) && value.length === 0)) return [];
    if (name === "rows" && typeof value === "number") return [renderCount(value, "row")];
    if (name === "downtimeMs") return [`downtime ${String(value)} ms`];
    return [`${toSnakeCase(name).replaceAll("_", " ")} ${Array.isArray(value) ? value.join(" ") : String(value)}`];
  });
}
