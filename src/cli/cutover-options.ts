import type { Config } from "../config.ts";
import type { CutoverOptions } from "../migration.ts";
import { parseWhen } from "./parse-when.ts";
import { hooksOf } from "./run-hook.ts";

/** What flags and config say of a cutover. */
export function cutoverOptions(options: Readonly<Record<string, unknown>>, config: Config): CutoverOptions {
  const { maxDowntime } = config;
  return {
    ...(maxDowntime === null ? {} : { maxDowntime }),
    wayBack: options["wayBack"] !== false,
    when: strings(options["when"]).map(parseWhen),
    hooks: hooksOf(config.hooks, strings(options["hook"])),
  };
}

function strings(given: unknown): string[] {
  return Array.isArray(given) ? given.filter((entry) => typeof entry === "string") : [];
}
