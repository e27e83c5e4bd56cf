import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { expect, it } from "vitest";
import { COMMANDS, optionsOf } from "../../src/cli/commands.ts";
import { renderCompletion } from "../../src/cli/render-completion.ts";

const commands = COMMANDS.map((spec) => ({ spec, options: optionsOf(spec) }));

const inShell = (shell: string, script: string) =>
  execFileSync(shell, [...(shell === "zsh" ? ["-f"] : ["--no-config"]), "-c", script], { encoding: "utf8" });

it.skipIf(!existsSync("/usr/bin/zsh"))("is taken by zsh itself (needs its package)", () => {
  const script = `autoload -U compinit && compinit -u -D\n${renderCompletion("zsh", commands)}`;
  expect(inShell("zsh", `${script}\nprint -r -- "\${_comps[changeover]}"`)).toBe(
    "_bash_complete -o filenames -F _changeover\n",
  );
});

it.skipIf(!existsSync("/usr/bin/fish"))("is taken by fish itself (needs its package)", () => {
  const ask = (line: string) => inShell("fish", `${renderCompletion("fish", commands)}\ncomplete -C ${line}`);
  expect(ask("'changeover cuto'")).toMatch(/^cutover\t/);
  expect(ask("'changeover cutover --max-d'")).toMatch(/^--max-downtime\t/);
});
