import { HOOK_NAMES, type HookFacts, type HookName, type Hooks } from "../cutover/hooks.ts";
import { RefusedError, UsageError } from "../errors.ts";
import { runShell } from "./run-shell.ts";

/** Hooks as commands: from the config, and `--hook NAME=COMMAND` over it. */
export function hooksOf(configured: Readonly<Partial<Record<string, string>>>, given: readonly string[]): Hooks {
  const commands = new Map(Object.entries(configured));
  for (const entry of given) {
    const [, name = "", command = ""] = /^([a-z-]+)=(.+)$/s.exec(entry) ?? [];
    if (!(HOOK_NAMES as readonly string[]).includes(name))
      throw new UsageError({
        code: "USAGE",
        message: `--hook does not understand ${entry}`,
        hint: `give NAME=COMMAND; the names are ${HOOK_NAMES.join(", ")}`,
      });
    commands.set(name, command);
  }
  return Object.fromEntries(
    [...commands].flatMap(([name, command]) =>
      command === undefined
        ? []
        : [[name as HookName, (facts: HookFacts, signal: AbortSignal) => runHook(command, facts, signal)]],
    ),
  );
}

/**
 * Runs a command in a shell, with the run's facts in its environment; what it prints goes to stderr. Once the signal
 * says so it is killed, with all that it started.
 */
async function runHook(command: string, facts: HookFacts, signal: AbortSignal): Promise<void> {
  const environment = {
    CHANGEOVER_HOOK: facts.hook,
    CHANGEOVER_RUN: facts.run,
    CHANGEOVER_HOOK_SOURCE: facts.source,
    CHANGEOVER_HOOK_TARGET: facts.target,
    CHANGEOVER_ROWS: String(facts.rows),
    ...(facts.downtimeMs === undefined ? {} : { CHANGEOVER_DOWNTIME_MS: String(facts.downtimeMs) }),
    ...(facts.reason === undefined ? {} : { CHANGEOVER_REASON: facts.reason }),
  };
  const ended = await runShell(command, environment, signal);
  if (ended !== null) throw failed(facts.hook, ended.how, ended.cause);
}

function failed(hook: HookName, how: string, cause?: unknown): RefusedError {
  return new RefusedError({
    code: "HOOK_FAILED",
    message: `the hook ${hook} failed: ${how}`,
    hint: "see what it printed; then run the same command again",
    context: { hook },
    cause,
  });
}
