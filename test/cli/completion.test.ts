import { execFileSync } from "node:child_process";
import { expect, it } from "vitest";
import { COMMANDS, optionsOf } from "../../src/cli/commands.ts";
import { renderCompletion } from "../../src/cli/render-completion.ts";

const commands = COMMANDS.map((spec) => ({ spec, options: optionsOf(spec) }));

function complete(...words: readonly string[]): string[] {
  const script = `${renderCompletion("bash", commands)}
    COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _changeover; printf '%s\\n' "\${COMPREPLY[@]}"`;
  return execFileSync("bash", ["-c", script, "bash", ...words], { encoding: "utf8", cwd: import.meta.dirname })
    .split("\n")
    .filter((word) => word !== "");
}

it("completes commands, their own options, and files where a value is wanted", () => {
  expect(complete("changeover", "cu")).toEqual(["cutover"]);
  expect(complete("changeover", "cutover", "--max-d")).toEqual(["--max-downtime"]);
  expect(complete("changeover", "status", "--max-d")).toEqual([]);
  expect(complete("changeover", "full", "--source", "completion.t")).toEqual(["completion.test.ts"]);
  expect(complete("changeover", "report", "completion.t")).toEqual(["completion.test.ts"]);
});

it("gives fish each command and option, with apostrophes in what it says of them", () => {
  const text = renderCompletion("fish", commands);
  for (const { name } of COMMANDS) expect(text).toContain(`__fish_use_subcommand -a ${name} -d '`);
  expect(text).toContain("'__fish_seen_subcommand_from cutover' -l max-downtime -r -d '");
  for (const line of text.trimEnd().split("\n")) expect(line.replaceAll(/\\./g, "").split("'").length % 2).toBe(1);
});
