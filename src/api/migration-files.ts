import { down, forecast, type MigrateOptions, planMigrations, redo, up } from "../commands/migrate.ts";
import { restore } from "../commands/restore.ts";
import { type Context, inPhase } from "../run/context.ts";
import type { UndoneFile } from "../schema/backup/forecast-undo.ts";
import type { RestoreOptions, RestoreResult } from "../schema/backup/restore-backup.ts";
import type { HowFar } from "../schema/migrate/choose-changes.ts";
import type { PlannedChange } from "../schema/migrate/dry-run.ts";
import { withConnection } from "../schema/migrate/migration-connection.ts";
import type { MigrationPlace } from "../schema/migrate/migration-place.ts";
import { type MigrationStatus, migrationStatusOf, readState } from "../schema/migrate/migration-status.ts";
import { renderChange } from "../schema/migrate/render-change.ts";
import { type RollbackFile, rollbackFile } from "../schema/migrate/rollback-file.ts";
import { type Proof, type ProveOptions, prove } from "../schema/prove/prove-migrations.ts";
import type { TargetReader } from "../target/target.ts";
import type { UndoMigrationsOptions } from "./options.ts";

/** The versioned migration files of the target's schema: `migration.migrations`. None of its methods needs a source. */
export interface MigrationFiles {
  /**
   * Applies pending migrations, up to 500 statements in one transaction; returns their names.
   * @throws MigrationFileError: `MIGRATION_CHANGED`, `MIGRATION_FAILED`, `MIGRATION_OUT_OF_ORDER`,
   *   `MIGRATION_LOCK_TIMEOUT`; RefusedError: `MIGRATIONS_LOCKED`, `MIGRATION_INCOMPATIBLE_WITH_RUN`.
   */
  up(options?: MigrateOptions): Promise<string[]>;
  /**
   * Undoes the last migrations, backing up rows that go; returns their names, the last first.
   * @throws What `up` throws; MigrationFileError: `MIGRATION_NO_DOWN`; RefusedError: `DOWN_NO_BACKUP` where rows
   *   would go without a backup.
   */
  down(options?: UndoMigrationsOptions): Promise<string[]>;
  /**
   * Undoes the last migrations and applies them again, up to 500 statements in one transaction; returns their names.
   * @throws What `down` throws.
   */
  redo(options?: UndoMigrationsOptions): Promise<string[]>;
  /**
   * Restores a backup that `down` or `redo` made, once its tables are there again.
   * @throws RefusedError: `RESTORE_NOT_A_BACKUP`, `RESTORE_DAMAGED`, `RESTORE_NOT_EMPTY`, `RESTORE_SCHEMA_MISMATCH`,
   *   `RESTORE_DURING_RUN`.
   */
  restore(directory: string, options?: RestoreOptions): Promise<RestoreResult>;
  /**
   * What `up`, `down` or `redo` would run. Writes nothing and takes no lock.
   * @throws MigrationFileError: `MIGRATION_UNREADABLE`; RefusedError: `MIGRATION_ORDER_UNCLEAR`.
   */
  plan(direction: "up" | "down" | "redo", options?: MigrateOptions): Promise<PlannedChange[]>;
  /**
   * All migrations and their states. Changes nothing.
   * @throws MigrationFileError: `MIGRATION_UNREADABLE`; TargetError where the target cannot be read.
   */
  list(): Promise<MigrationStatus[]>;
  /**
   * A migration's file as it was applied, and how it differs now; null if it is not recorded.
   * @throws TargetError where the target cannot be read.
   */
  applied(name: string): Promise<AppliedFile | null>;
  /**
   * SQL that undoes the last migrations with psql alone; changes nothing.
   * @throws RefusedError: `NOTHING_APPLIED`; MigrationFileError: `MIGRATION_NO_DOWN`.
   */
  rollbackFile(howFar?: HowFar): Promise<RollbackFile>;
  /**
   * The migrations that `down` or `redo` would undo, in their order, and the tables and columns that each takes away.
   * Only reads. Given to them as `agreed`, it binds them.
   * @throws MigrationFileError: `MIGRATION_UNREADABLE`, `MIGRATION_NO_DOWN`; RefusedError: `MIGRATION_ORDER_UNCLEAR`.
   */
  forecast(direction: "down" | "redo", options?: MigrateOptions): Promise<UndoneFile[]>;
  /**
   * Tries all migrations in a database of their own on the target's server; see {@link proveMigrations}.
   * @throws MigrationFileError: `MIGRATIONS_MISSING`; RefusedError: `PROOF_CLUSTER_WIDE`, `SCRATCH_DENIED`. What is
   *   wrong with the files is a result.
   */
  prove(options?: Omit<ProveOptions, "migrationsDirectory" | "target" | "onEvent">): Promise<Proof>;
}

/** An applied migration's file. */
export interface AppliedFile {
  /** Its file name. */
  readonly file: string;
  /** Its content when it was applied. */
  readonly text: string;
  /** A unified diff to the file as it is now; null if it is the same, or gone. */
  readonly diff: string | null;
}

export function migrationFiles(opened: Context): MigrationFiles {
  const context = inPhase(opened, "migrate");
  const { migrationsDirectory: directory, migrations: place, signal, targetUrl } = context;
  return {
    up: (options = {}) => up(context, options),
    down: (options = {}) => down(context, options),
    redo: (options = {}) => redo(context, options),
    restore: (backup, options = {}) => restore(context, backup, options),
    plan: (direction, options = {}) => planMigrations(context, direction, options),
    list: () => withConnection(targetUrl, async (target) => migrationStatusOf(await readState(target, place))),
    applied: (name) => withConnection(targetUrl, (target) => appliedFile(target, place, name)),
    rollbackFile: (howFar = {}) => rollbackFile(targetUrl, place, howFar),
    forecast: (direction, options = {}) => forecast(context, direction, options),
    prove: (options = {}) =>
      prove(
        { server: targetUrl, target: targetUrl, signal, ...options, migrationsDirectory: directory },
        context.report,
      ),
  };
}

async function appliedFile(target: TargetReader, place: MigrationPlace, name: string): Promise<AppliedFile | null> {
  const { files, records } = await readState(target, place);
  const record = records.get(name);
  if (record === undefined) return null;
  const file = files.find((candidate) => candidate.name === name);
  return {
    file: record.file,
    text: record.text,
    diff: file === undefined || file.checksum === record.checksum ? null : renderChange(record, file),
  };
}
