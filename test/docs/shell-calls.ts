import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** What a script would start, word by word as bash understands it, and what it says of the environment. */
export interface ShellCalls {
  readonly calls: readonly (readonly string[])[];
  readonly environment: Readonly<Record<string, string>>;
  /** What bash itself did not understand. */
  readonly problem: string | null;
}

/** Runs a script in which every program is only noted, and ends well. */
export function shellCalls(script: string): ShellCalls {
  const directory = mkdtempSync(join(tmpdir(), "calls-"));
  try {
    const [calls, environment] = [join(directory, "calls"), join(directory, "environment")];
    for (const file of [calls, environment]) writeFileSync(file, "");
    const note = `command_not_found_handle() { printf '%s\\037' "$@" >> '${calls}'; printf '\\036' >> '${calls}'; }`;
    const told =
      `for name in \${!CHANGEOVER_@}; do printf '%s\\037%s\\036' "$name" "\${!name}"; done ` + `> '${environment}'`;
    const { stderr } = spawnSync("/bin/bash", ["--norc", "-c", [note, script, "wait", told].join("\n")], {
      cwd: directory,
      env: { PATH: join(directory, "nothing") },
      encoding: "utf8",
    });
    return {
      calls: recordsOf(calls).map((words) => words.slice(0, -1)),
      environment: Object.fromEntries(recordsOf(environment).map(([name = "", value = ""]) => [name, value])),
      problem: stderr === "" ? null : stderr.trimEnd(),
    };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function recordsOf(file: string): string[][] {
  return readFileSync(file, "utf8")
    .split("\x1e")
    .filter((record) => record !== "")
    .map((record) => record.split("\x1f"));
}
