import { spawn } from "node:child_process";
import { RefusedError, UsageError } from "../errors.ts";
import { HOOK_NAMES, type HookFacts, type HookName, type Hooks } from "../journey/hooks.ts";

/** Hooks as commands: from the config, and `--hook NAME=COMMAND` over it. */
export function hooksOf(configured: Readonly<Partial<Record<string, string>>>, given: readonly string[]): Hooks {
  const commands = new Map(Object.entries(configured));
  for (const entry of given) {
    const [, name = "", command = ""] = /^([a-z-]+)=(.+)$/s.exec(entry) ?? [];
    if (!(HOOK_NAMES as readonly string[]).includes(name)) throw new UsageError({ code: "USAGE", message: `--hook does not understand ${entry}`, hint: `give NAME=COMMAND; the names are ${HOOK_NAMES.join(", ")}` });
    commands.set(name, command);
  }
  return Object.fromEntries([...commands].flatMap(([name, command]) => (command === undefined ? [] : [[name as HookName, (facts: HookFacts) => runHook(command, facts)]])));
}

/** Runs a command in a shell, with the run's facts in its environment; what it prints goes to stderr. */
function runHook(command: string, facts: HookFacts): Promise<void> {
  const environment = {
    CHANGEOVER_HOOK: facts.hook,
    CHANGEOVER_RUN: facts.run,
    CHANGEOVER_HOOK_SOURCE: facts.source,
    CHANGEOVER_HOOK_TARGET: facts.target,
    CHANGEOVER_ROWS: String(facts.rows),
    ...(facts.downtimeMs === undefined ? {} : { CHANGEOVER_DOWNTIME_MS: String(facts.downtimeMs) }),
    ...(facts.reason === undefined ? {} : { CHANGEOVER_REASON: facts.reason }),
  };
  return new Promise((resolve, reject) => {
    const child = spawn(command, { shell: true, env: { ...process.env, ...environment }, stdio: ["ignore", 2, 2] });
    child.once("error", (cause) => reject(failed(facts.hook, cause.message, cause)));
    child.once("close", (code, signal) => (code === 0 ? resolve() : reject(failed(facts.hook, code === null ? `ended by ${signal}` : `exit code ${code}`))));
  });
}

function failed(hook: HookName, how: string, cause?: unknown): RefusedError {
  return new RefusedError({ code: "HOOK_FAILED", message: `the hook ${hook} failed: ${how}`, hint: "see what it printed; then run the same command again", context: { hook }, cause });
}
