import { RefusedError } from "../../errors.ts";
import { type Change, chooseDown, chooseRedo, chooseUp, type HowFar } from "./choose-changes.ts";
import { loadMigrations } from "./load-migrations.ts";
import type { MigrateJob, MigrationRunOptions } from "./migrate-settings.ts";
import { withConnection } from "./migration-connection.ts";
import { migrate, requireDirectory } from "./migration-run.ts";
import { type MigrationState, readState } from "./migration-status.ts";
import { checksOf, refuseChangedFiles } from "./refuse-changed-files.ts";
import { areRecordsBehind } from "./settle-records.ts";

/** Applies pending migrations; returns their names. */
export async function migrateUp(options: MigrationRunOptions & HowFar): Promise<string[]> {
  return namesOf(await migrateTarget(options, jobOf("up", options)));
}

/** Undoes the last migrations; returns their names. */
export async function migrateDown(options: MigrationRunOptions & HowFar): Promise<string[]> {
  return namesOf(await migrateTarget(options, jobOf("down", options)));
}

/** Undoes the last migrations and applies them again; returns their names in order of application. */
export async function migrateRedo(options: MigrationRunOptions & HowFar): Promise<string[]> {
  return namesOf((await migrateTarget(options, jobOf("redo", options))).filter(({ direction }) => direction === "up"));
}

export function jobOf(direction: MigrateJob["direction"], howFar: HowFar): MigrateJob {
  const choose = { up: chooseUp, down: chooseDown, redo: chooseRedo }[direction];
  return { direction, choose: (state: MigrationState) => choose(state, howFar) };
}

/** Checks everything before the first write to the database. */
async function migrateTarget(options: MigrationRunOptions, asked: MigrateJob): Promise<Change[]> {
  const job = options.expected === undefined ? asked : onlyExpected(asked, options.expected);
  requireDirectory(options);
  const state = await withConnection(options.url, (connection) => readState(connection, options));
  refuseChangedFiles(state, checksOf(options, job.direction));
  const changes = job.choose(state);
  await loadMigrations(state.files, options);
  if (changes.length === 0 && !areRecordsBehind(state, options.acceptChanged === true)) return [];
  return migrate(options, job);
}

/** Under the lock the choice is made again: another process may have been faster. */
function onlyExpected(job: MigrateJob, expected: readonly string[]): MigrateJob {
  return {
    ...job,
    choose(state) {
      const changes = job.choose(state);
      const undone = namesOf(changes.filter(({ direction }) => direction === "down"));
      if (undone.join("\n") === expected.join("\n")) return changes;
      throw new RefusedError({
        code: "MIGRATIONS_MOVED_ON",
        message:
          `this would undo ${undone.length === 0 ? "nothing" : undone.join(", ")} now, and not ` +
          `${expected.join(", ")}: ` +
          "another process has applied or undone migrations meanwhile. Nothing was undone",
        hint: "run the same command again, and read what it lists",
        context: { undone, expected },
      });
    },
  };
}

function namesOf(changes: readonly Change[]): string[] {
  return changes.map(({ name }) => name);
}
