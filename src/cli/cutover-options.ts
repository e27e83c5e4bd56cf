import type { CutoverOptions } from "../api/options.ts";
import type { Config } from "../config.ts";
import { parsePostponeCondition } from "./parse-postpone-condition.ts";
import { hooksOf } from "./run-hook.ts";

/** What flags and config say of a cutover. */
export function cutoverOptions(options: Readonly<Record<string, unknown>>, config: Config): CutoverOptions {
  const { maxDowntime } = config;
  return {
    ...(maxDowntime === null ? {} : { maxDowntimeMs: maxDowntime }),
    failback: options["failback"] !== false,
    postponeUntil: strings(options["when"]).map(parsePostponeCondition),
    hooks: hooksOf(config.hooks, strings(options["hook"])),
  };
}

function strings(given: unknown): string[] {
  return Array.isArray(given) ? given.filter((entry) => typeof entry === "string") : [];
}
