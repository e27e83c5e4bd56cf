import type { MigrationStatus } from "../schema/migrate/migration-status.ts";
import { renderDuration } from "../status/render-count.ts";

/** One line a migration: its state, its name, and what is known of how it came about. */
export function renderMigrationList(migrations: readonly MigrationStatus[]): string {
  const width = Math.max(0, ...migrations.map(({ name }) => name.length));
  return migrations
    .map((migration) => `${migration.state.padEnd(12)}  ${migration.name.padEnd(width)}  ${story(migration)}`.trimEnd())
    .join("\n");
}

function story({ appliedAt, appliedBy, durationMs, recorded, role }: MigrationStatus): string {
  if (appliedAt === null) return "";
  const when = appliedAt.replace("T", " ");
  if (!recorded) return `${when}  by something else: not recorded yet, so a change of the file would not be noticed`;
  if (appliedBy === null) return `${when}  by something else`;
  return (
    `${when}  by ${appliedBy}${role === null ? "" : ` as ${role}`}` +
    `${durationMs === null ? "" : `, in ${renderDuration(durationMs)}`}`
  );
}

/** What a script is told: nothing to do, something to apply, or something that a person must look at. */
export function migrationsExitCode(migrations: readonly Pick<MigrationStatus, "state">[]): 0 | 3 | 4 {
  if (migrations.some(({ state }) => state !== "applied" && state !== "pending")) return 4;
  return migrations.some(({ state }) => state === "pending") ? 3 : 0;
}

/** What comes next. */
export function adviceOn(migrations: readonly Pick<MigrationStatus, "state">[]): string {
  const states = new Set(migrations.map(({ state }) => state));
  if (states.has("missing"))
    return (
      "a file that was applied is gone: `changeover migrations --show NAME` prints it as it was, " + "if it is recorded"
    );
  if (states.has("changed")) return "next: `changeover migrations --diff` shows what changed";
  if (states.has("out-of-order")) return "rename what is out of order so that it comes last";
  return states.has("pending")
    ? "next: `changeover up`, or first `changeover up --dry-run`"
    : "the target is up to date";
}
