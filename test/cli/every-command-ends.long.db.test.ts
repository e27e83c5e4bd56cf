import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { ENDINGS } from "../../src/cli/endings.ts";
import type { CommandName } from "../../src/cli/targets.ts";
import { runCli } from "../support/cli.ts";
import { sqliteFile, temporaryDirectory } from "../support/source.ts";
import { emptyDatabase } from "../support/target.ts";

const T = "CREATE TABLE t(id INTEGER PRIMARY KEY, v TEXT NOT NULL); INSERT INTO t VALUES(1, 'one'), (2, 'two')";
const REPORTED: ReadonlySet<string> = new Set(["check", "rehearse", "cutover", "complete", "report"]);

/** A journey in which each command that is about a run has its turn. */
const JOURNEY: readonly (readonly [CommandName, ...string[]])[] = [
  ["validate"],
  ["schema", "--write"],
  ["up"],
  ["migrations"],
  ["data"],
  ["rollback", "--yes"],
  ["up"],
  ["redo", "--yes"],
  ["down", "--yes", "--fake"],
  ["baseline", "0001_tables"],
  ["full", "--yes", "--report", "full.html"],
  ["rollback", "--yes"],
  ["rollback", "--yes"],
  ["up"],
  ["sync", "--until", "caught-up"],
  ["check", "--report", "check.html"],
  ["rehearse", "--report", "rehearse.html"],
  ["queries", "statements.sql"],
  ["quarantine"],
  ["wait", "--for", "syncing", "--timeout", "20s"],
  ["cutover", "--yes", "--report", "cutover.html"],
  ["history"],
  ["report", "report.html"],
  ["complete", "--yes", "--report", "complete.html"],
];
/** What needs more than this run has: a backup, and a process that can be asked. */
const ELSEWHERE: ReadonlySet<CommandName> = new Set(["restore", "control"]);

it("every command about a run ends with its table, with what comes next, and with that in its JSON", {
  timeout: 240_000,
}, async () => {
  const named = new Set([...JOURNEY.map(([name]) => name), ...ELSEWHERE]);
  const ending = Object.entries(ENDINGS).filter(([, how]) => how !== "nothing");
  expect(ending.map(([name]) => name).filter((name) => !named.has(name as CommandName))).toEqual([]);
  const { path } = await sqliteFile(T);
  const target = await emptyDatabase();
  const cwd = temporaryDirectory();
  mkdirSync(join(cwd, "migrations"));
  writeFileSync(join(cwd, "statements.sql"), "SELECT v FROM t WHERE id = 1;\n");
  const wrong: string[] = [];
  for (const [name, ...args] of JOURNEY) {
    const ends = ["--source", path, "--target", target, "--json"];
    const { code, stderr, stdout } = await runCli([name, ...args, ...ends], { cwd });
    const shown = `${name} ${args.join(" ")}: exit code ${code}\n${stdout}${stderr}`;
    const document = JSON.parse(stdout.trim().split("\n").at(-1) ?? "{}") as { next_steps?: unknown };
    if (!Array.isArray(document.next_steps)) wrong.push(`no next_steps: ${shown}`);
    else if (document.next_steps.length > 0 && !/^what comes next:\n {2}changeover /m.test(stderr))
      wrong.push(`nothing said of what comes next: ${shown}`);
    const hasTable = /^\| table +\| +rows \| +bytes \| +time \| +rows\/s \| verified \| differences \|$/m.test(stderr);
    // After a rollback before the cutover nothing is left that could be in a table.
    const hasTables = ENDINGS[name] === "table" && !stdout.includes('"phase":"new"');
    if (hasTables !== hasTable) wrong.push(`a table, or none: ${shown}`);
    const report = args.at(args.indexOf("--report") + 1) ?? args[0] ?? "";
    if (REPORTED.has(name) && !readFileSync(join(cwd, report), "utf8").includes("</html>")) wrong.push(shown);
  }
  expect(wrong).toEqual([]);
});
