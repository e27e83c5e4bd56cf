import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { renderDowntimePage } from "./render-downtime.ts";
import type { Row } from "./row.ts";
import type { BenchResult } from "./run.ts";

const PAGE = fileURLToPath(new URL("../docs/performance.md", import.meta.url));
const END = "<!-- end of what the bench wrote -->";
const BEGIN = {
  rows: "<!-- written by `npm run bench -- --docs` -->",
  downtime: "<!-- written by `npm run bench -- --only switch --docs` -->",
} as const;

/** For a terminal: one line for each figure. */
export function renderTable(rows: readonly Row[]): string {
  return rows
    .map(
      (row) =>
        `${verdict(row).padEnd(8)}${ratio(row).padStart(6)}  ${row.what}: ${row.ours} against ${row.theirs} ` +
        `(${row.against}; wanted: ${row.wanted})${memory(row)}\n`,
    )
    .join("");
}

/** Inserts measured tables into docs/performance.md; other tables and text stay. */
export function writeDocs(result: BenchResult): void {
  const { machine, rows, runs, server, when } = result;
  let page = readFileSync(PAGE, "utf8");
  if (rows.length > 0) {
    page = inPlace(page, BEGIN.rows, [
      `${when}: ${machine}; ${server}. Each figure is the median of ${runs} interleaved ` +
        `${runs === 1 ? "run" : "runs"}.`,
      "",
      "| what | against | wanted | ratio | | ours | theirs | peak memory | processor |",
      "|---|---|---|---|---|---|---|---|---|",
      ...rows.map(
        (row) =>
          "| " +
          ([
            row.what,
            row.against,
            row.wanted,
            ratio(row),
            verdict(row),
            row.ours,
            row.theirs,
            row.peakMb === null ? "" : `${Math.round(row.peakMb)} MB`,
            row.cpuSeconds === null ? "" : `${row.cpuSeconds.toFixed(1)} s`,
          ]
            .map((cell) => cell.replaceAll("|", "\\|"))
            .join(" | ") +
            " ") +
          "|",
      ),
    ]);
  }
  if (result.downtime.length > 0)
    page = inPlace(page, BEGIN.downtime, [
      `${when}: ${machine}; ${server}.`,
      "",
      ...renderDowntimePage(result.downtime),
    ]);
  writeFileSync(PAGE, page);
}

function inPlace(page: string, begin: string, lines: readonly string[]): string {
  const before = page.indexOf(begin);
  const after = page.indexOf(END, before);
  if (before < 0 || after < 0) throw new Error(`${PAGE} has no place for the table of ${begin}`);
  return `${page.slice(0, before)}${[begin, ...lines, ""].join("\n")}${page.slice(after)}`;
}

function verdict({ meets }: Row): string {
  return meets === null ? "no peer" : meets ? "met" : "not met";
}

function ratio(row: Row): string {
  return row.ratio === null ? "" : row.ratio.toFixed(2);
}

function memory({ peakMb, cpuSeconds }: Row): string {
  return peakMb === null
    ? ""
    : `, ${Math.round(peakMb)} MB${cpuSeconds === null ? "" : `, ${cpuSeconds.toFixed(1)} s of processor`}`;
}
