import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { followName } from "../../follow/follow-name.ts";
import type { FollowPlan } from "../../follow/follow-plan.ts";
import { followSteps, renderFollow } from "../../follow/render-follow.ts";
import { nextPrefix } from "../../schema/migrate/new-migration.ts";
import { filesIn, migrationNames } from "../../schema/migrate/read-migration-files.ts";
import { writeMigrationFiles } from "../../schema/migrate/write-migration-files.ts";
import type { Context } from "../context.ts";

/**
 * Writes the migration file that follows changes, and returns its name. Null where the target has nothing to do. A file
 * that a killed process wrote and did not note is taken as it is.
 */
export function writeFollowFile(context: Context, plan: FollowPlan): string | null {
  if (!followSteps(plan).some(({ up }) => isStatement(up))) return null;
  const { migrationsDirectory: directory } = context;
  const text = renderFollow(plan);
  const name = followName(plan.changes);
  const written = existsSync(directory)
    ? filesIn(directory).find((file) => file.includes(name) && readFileSync(join(directory, file), "utf8") === text)
    : undefined;
  if (written !== undefined) return written;
  const names = existsSync(directory) ? migrationNames(directory, context.migrations.ignorePattern) : [];
  const separator = /^\d+([-_])/.exec(names.at(-1) ?? "")?.[1] ?? "_";
  const file = `${nextPrefix(names, new Date())}${separator}${name}.sql`;
  writeMigrationFiles(directory, [{ name: file, text }]);
  return file;
}

/** Whether it is more than a note. */
function isStatement(text: string): boolean {
  return text.split("\n").some((line) => line.trim() !== "" && !line.startsWith("--"));
}
