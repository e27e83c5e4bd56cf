import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Check } from "./checks.ts";
import type { MoveResult } from "./move-app.ts";

export interface AppResult {
  readonly name: string;
  readonly title: string;
  /** YYYY-MM-DD. */
  readonly on: string;
  readonly version: string | null;
  /** Why the application could not be installed. */
  readonly notInstalled: string | null;
  readonly moves: readonly MoveResult[];
}

const PAGE = fileURLToPath(new URL("../../../docs/applications.md", import.meta.url));

export function hasFailed({ notInstalled, moves }: AppResult): boolean {
  return notInstalled !== null || moves.some((move) => faultsOf(move).length > 0);
}

/** For the terminal. */
export function summaryOf(result: AppResult): string {
  if (result.notInstalled !== null) return `${result.title}: could not be installed: ${result.notInstalled}\n`;
  return result.moves
    .map((move) => {
      const counts = [move.sqlite, move.postgres, move.returned].map(passed).join(" · ");
      const faults = faultsOf(move).map((fault) => `    ${fault.replaceAll("\n", "\n    ")}\n`);
      return `${result.title} ${result.version}, schema by ${move.direction}: ${counts}\n${faults.join("")}`;
    })
    .join("");
}

/** Writes docs/applications.md from the results of all runs. */
export function writePage(folder: string): void {
  const results = readdirSync(folder)
    .filter((file) => file.endsWith(".json"))
    .sort()
    .map((file) => JSON.parse(readFileSync(join(folder, file), "utf8")) as AppResult);
  writeFileSync(PAGE, renderPage(results));
}

function renderPage(results: readonly AppResult[]): string {
  const rows = results.flatMap((result) => result.moves.map((move) => rowOf(result, move)));
  const missing = results.filter(({ notInstalled }) => notInstalled !== null);
  return [
    "# Applications that were moved",
    "",
    "Applications and ORMs that others wrote, moved to PostgreSQL by one command each, used there, and brought back.",
    "Written by `npm run test:apps`; each has its script in `test/apps/`. Numbers are checks that passed, of how many:",
    "through the application's own ORM or HTTP interface, before the move, on PostgreSQL, and after the failback.",
    "Writes are those that the application acknowledged during the move and during the return, one every few",
    "milliseconds; none may be missing afterwards.",
    "",
    "| application | schema by | SQLite | PostgreSQL | after the return | writes acknowledged, missing | by hand | date |",
    "| --- | --- | --- | --- | --- | --- | --- | --- |",
    ...rows,
    "",
    "## What did not work",
    "",
    ...problemsOf(results),
    ...(missing.length === 0 ? [] : ["", "## Not installed", ""]),
    ...missing.map(({ title, notInstalled }) => `- ${title}: could not be installed: ${firstLine(notInstalled ?? "")}`),
    "",
    "## The commands",
    "",
    ...results.flatMap(({ title, moves }) => moves.map(({ command }) => `- ${title}: \`${command}\``)),
    "",
  ].join("\n");
}

function rowOf({ title, version, on }: AppResult, move: MoveResult): string {
  const live =
    move.live.length === 0
      ? "–"
      : move.live.map(({ acknowledged, missing }) => `${acknowledged}, ${missing === 0 ? "none" : missing}`).join("; ");
  const counts = [move.sqlite, move.postgres, move.returned].map(passed);
  const by = move.direction === "application" ? "its migrations" : "changeover";
  const cells = [`${title} ${version}`, by, ...counts, live, move.byHand ?? "nothing", on];
  return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
}

function problemsOf(results: readonly AppResult[]): string[] {
  const problems = results.flatMap(({ title, moves }) =>
    moves.flatMap((move) =>
      faultsOf(move).map((fault) => `- ${title}, schema by ${move.direction}: ${escaped(firstLine(fault))}`),
    ),
  );
  return problems.length === 0 ? ["Nothing."] : problems;
}

function faultsOf({ sqlite, postgres, returned, live, failure }: MoveResult): string[] {
  const failed = (place: string, checks: readonly Check[]) =>
    checks.flatMap(({ name, error }) => (error === null ? [] : [`${place}: ${name}: ${error}`]));
  return [
    ...failed("SQLite", sqlite),
    ...failed("PostgreSQL", postgres),
    ...failed("after the return", returned),
    ...live.flatMap(({ during, missing, locked, otherErrors }) => [
      ...(missing === 0 ? [] : [`${missing} acknowledged writes are missing after ${during}`]),
      ...(locked === 0 ? [] : [`${locked} writes met "database is locked" during ${during}`]),
      ...otherErrors.map((error) => `a write failed during ${during}: ${error}`),
    ]),
    ...(failure === null ? [] : [failure]),
  ];
}

const passed = (checks: readonly Check[]) =>
  checks.length === 0 ? "–" : `${checks.filter(({ error }) => error === null).length} of ${checks.length}`;

const firstLine = (text: string) => text.split("\n").slice(0, 2).join(" ").slice(0, 300);

const escaped = (text: string) => text.replaceAll("<", "\\<").replaceAll("|", "\\|").replaceAll("{{", "{ {");
