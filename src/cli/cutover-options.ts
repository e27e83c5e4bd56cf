import type { CutoverOptions } from "../api/options.ts";
import type { Config } from "../config.ts";
import { durationOf } from "../duration.ts";
import { parsePostponeCondition } from "./parse-postpone-condition.ts";
import { hooksOf } from "./run-hook.ts";

/** What flags and config say of a cutover. */
export function cutoverOptions(options: Readonly<Record<string, unknown>>, config: Config): CutoverOptions {
  const { maxDowntimeMs } = config;
  const within = options["verifiedWithin"];
  return {
    ...(maxDowntimeMs === null ? {} : { maxDowntimeMs }),
    ...(typeof within === "string" ? { verifiedWithinMs: durationOf(within, "--verified-within") } : {}),
    failback: options["failback"] !== false,
    postponeUntil: strings(options["postponeUntil"]).map(parsePostponeCondition),
    hooks: hooksOf(config.hooks, strings(options["hook"])),
  };
}

function strings(given: unknown): string[] {
  return Array.isArray(given) ? given.filter((entry) => typeof entry === "string") : [];
}
