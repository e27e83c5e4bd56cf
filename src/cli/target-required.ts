import type { Config } from "../config.ts";
import type { IgnoredTarget } from "../config-target.ts";
import { UsageError } from "../errors.ts";

/** The refusal of a command that would otherwise make a database of its own, and succeed in it. */
export function targetRequired({
  envFileUnread,
  ignoredTargets,
}: Pick<Config, "envFileUnread" | "ignoredTargets">): UsageError {
  const ignored = ignoredTargets.map((given) => `; ${describeIgnoredTarget(given)}`).join("");
  const unread = envFileUnread === null ? "" : `; ./.env cannot be read: ${envFileUnread}`;
  return new UsageError({
    code: "TARGET_REQUIRED",
    message: `no target is given, and this directory has no embedded PostgreSQL${ignored}${unread}`,
    hint:
      "give --target postgres://user@host:5432/database, or set CHANGEOVER_TARGET or DATABASE_URL, " +
      "in the environment or in ./.env; --embedded makes an embedded PostgreSQL under ./.changeover",
  });
}

export function describeIgnoredTarget({ from, scheme }: IgnoredTarget): string {
  return `${from} is ${scheme === null ? "no URL" : `a ${scheme} URL`}, not one of PostgreSQL`;
}
