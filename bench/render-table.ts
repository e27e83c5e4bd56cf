import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Row } from "./row.ts";
import type { BenchResult } from "./run.ts";

const PAGE = fileURLToPath(new URL("../docs/performance.md", import.meta.url));
const [BEGIN, END] = ["<!-- written by `npm run bench -- --docs` -->", "<!-- end of what the bench wrote -->"];

/** For a terminal: one line a figure. */
export function renderTable(rows: readonly Row[]): string {
  return rows.map((row) => `${verdict(row).padEnd(8)}${ratio(row).padStart(6)}  ${row.what}: ${row.ours} against ${row.theirs} (${row.against}; wanted: ${row.wanted})${memory(row)}\n`).join("");
}

/** Puts the table into its place on the page of performance; the rest of the page is written by hand. */
export function writeDocs(result: BenchResult): void {
  const page = readFileSync(PAGE, "utf8");
  const [before, after] = [page.indexOf(BEGIN), page.indexOf(END)];
  if (before < 0 || after < before) throw new Error(`${PAGE} has no place for the table`);
  const lines = [
    BEGIN,
    `${result.when}: ${result.machine}; ${result.server}. Each figure is the median of ${result.runs} interleaved ${result.runs === 1 ? "run" : "runs"}.`,
    "",
    "| what | against | wanted | ratio | | ours | theirs | peak memory | processor |",
    "|---|---|---|---|---|---|---|---|---|",
    ...result.rows.map((row) => `| ${[row.what, row.against, row.wanted, ratio(row), verdict(row), row.ours, row.theirs, row.peakMb === null ? "" : `${Math.round(row.peakMb)} MB`, row.cpuSeconds === null ? "" : `${row.cpuSeconds.toFixed(1)} s`].map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`),
    "",
  ];
  writeFileSync(PAGE, `${page.slice(0, before)}${lines.join("\n")}${page.slice(after)}`);
}

function verdict({ meets }: Row): string {
  return meets === null ? "no peer" : meets ? "met" : "not met";
}

function ratio(row: Row): string {
  return row.ratio === null ? "" : row.ratio.toFixed(2);
}

function memory({ peakMb, cpuSeconds }: Row): string {
  return peakMb === null ? "" : `, ${Math.round(peakMb)} MB${cpuSeconds === null ? "" : `, ${cpuSeconds.toFixed(1)} s of processor`}`;
}
