import { UsageError } from "../errors.ts";
import { nearest } from "../nearest.ts";

/** A word of the command line that must be one of a few; the near one is suggested. */
export function oneOf<T extends string>(given: unknown, names: readonly T[], what: string): T {
  const found = names.find((name) => name === given);
  if (found !== undefined) return found;
  const near = typeof given === "string" ? nearest(given, names) : null;
  throw new UsageError({
    code: "USAGE",
    message: `${what} takes ${listOf(names)}${given === undefined ? "" : `, not ${String(given)}`}`,
    hint: near === null ? "see --help of the command" : `did you mean ${near}?`,
  });
}

function listOf(names: readonly string[]): string {
  return names.length < 2 ? names.join() : `${names.slice(0, -1).join(", ")} or ${names.at(-1)}`;
}
