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

const namesOf = (flags: string) =>
  flags
    .split(/[ ,]+/)
    .filter((word) => word.startsWith("--"))
    .map((word) => word.replace(/[=<[].*$/, ""));

it.each(commands.map(({ options, spec }) => [spec.name, options] as const))(
  "completes every option of %s, in bash and in fish",
  (name, options) => {
    const wanted = options.flatMap(({ flags }) => namesOf(flags));
    expect(complete("changeover", name, "--").sort()).toEqual([...wanted, "--help"].sort());
    const fish = renderCompletion("fish", commands);
    for (const { flags } of options) {
      const [first = ""] = namesOf(flags);
      expect(fish).toContain(`'__fish_seen_subcommand_from ${name}' -l ${first.slice(2)} `);
    }
  },
);

it("gives zsh the same by its own reader of bash's completions", () => {
  const text = renderCompletion("zsh", commands);
  expect(text.split("\n").slice(0, 2)).toEqual(["#compdef changeover", "autoload -U +X bashcompinit && bashcompinit"]);
  expect(text.endsWith(renderCompletion("bash", commands))).toBe(true);
});

it("gives fish each command and option, with apostrophes in what it says of them", () => {
  const text = renderCompletion("fish", commands);
  for (const { name } of COMMANDS) expect(text).toContain(`__fish_use_subcommand -a ${name} -d '`);
  expect(text).toContain("'__fish_seen_subcommand_from cutover' -l max-downtime -r -d '");
  for (const line of text.trimEnd().split("\n")) expect(line.replaceAll(/\\./g, "").split("'").length % 2).toBe(1);
});
