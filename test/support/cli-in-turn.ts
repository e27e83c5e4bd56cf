import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { z } from "zod";

const SCRIPT = fileURLToPath(new URL("./cli-in-turn.mjs", import.meta.url));
const results = z.array(z.object({ code: z.number(), stdout: z.string(), stderr: z.string() }));

/**
 * What each of these commands prints, and its exit code. They run one after the other in one process, for tests of
 * what commands refuse: starting a process for each takes ten times as long as the refusal.
 */
export function runCliInTurn(calls: readonly (readonly string[])[], { cwd }: { readonly cwd: string }) {
  const { CHANGEOVER_SOURCE: _source, CHANGEOVER_TARGET: _target, DATABASE_URL: _url, ...env } = process.env;
  const { stderr, stdout } = spawnSync(process.execPath, [SCRIPT], {
    cwd,
    env,
    input: JSON.stringify(calls),
    encoding: "utf8",
    maxBuffer: 2 ** 26,
  });
  if (stdout === "") throw new Error(`the commands ended without a result: ${stderr}`);
  return results.length(calls.length).parse(JSON.parse(stdout));
}
