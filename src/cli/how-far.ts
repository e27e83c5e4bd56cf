import { UsageError } from "../errors.ts";
import type { HowFar } from "../schema/migrate/choose-changes.ts";

/**
 * What `up 2`, `up 0003_price` or `down all` say. A number of up to three digits without zeros in front is a number of
 * migrations. Anything else is the migration that is to stand last. So `0003` and a time can be given as in the file's
 * name.
 */
export function howFar(given: string | undefined, isTimestamp = false): HowFar {
  if (isTimestamp) {
    if (given !== undefined && /^\d+$/.test(given)) return { timestamp: Number(given) };
    throw new UsageError({
      code: "USAGE",
      message: "--timestamp takes a number: the timestamp up to which to go",
      hint: "changeover up 1764547200000 --timestamp",
    });
  }
  if (given === undefined) return {};
  if (given === "all") return { count: Number.MAX_SAFE_INTEGER };
  return /^[1-9]\d{0,2}$/.test(given) ? { count: Number(given) } : { to: given };
}
