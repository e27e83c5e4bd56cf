import type { Change } from "./choose-changes.ts";
import { type LoadedMigration, loadMigrations } from "./load-migrations.ts";
import type { MigrateJob, MigrationRunOptions } from "./migrate-settings.ts";
import { openConnection } from "./migration-connection.ts";
import { requireDirectory } from "./migration-run.ts";
import { type MigrationState, readState } from "./migration-status.ts";
import { noDatabase } from "./no-database.ts";
import { checksOf, refuseChangedFiles } from "./refuse-changed-files.ts";
import { isTransactional, mayRunOutside, refuseOwnTransaction } from "./transactional.ts";

/** One migration that would run, and its SQL. */
export interface PlannedChange extends Change {
  /** Its statements, in order. */
  readonly sql: readonly string[];
  /** False if it runs statement by statement, each committed immediately. */
  readonly transaction: boolean;
  /**
   * The file queries the database while it runs: its SQL depends on the answer, and only the part before the query is
   * listed.
   */
  readonly asksDatabase: boolean;
}

// Only the migrations table is read; a lock on it is not waited for longer.
const READ_TIMEOUT_MS = 1_000;

/**
 * Lists the migrations that would run. One read-only transaction reads which are applied, and ends before any file is
 * loaded.
 */
export async function dryRun(options: MigrationRunOptions, job: MigrateJob): Promise<PlannedChange[]> {
  requireDirectory(options);
  const state = await readCurrentState(options);
  refuseChangedFiles(state, checksOf(options, job.direction));
  const loaded = await loadMigrations(state.files, options);
  const planned: PlannedChange[] = [];
  for (const change of job.choose(state)) {
    const migration = loaded.find(({ name }) => name === change.name);
    if (migration !== undefined) planned.push(await planChange(migration, change));
  }
  return planned;
}

async function readCurrentState(options: MigrationRunOptions): Promise<MigrationState> {
  const connection = await openConnection(options.url);
  try {
    await connection.run(`begin read only; set local lock_timeout = ${READ_TIMEOUT_MS}`);
    return await readState(connection, options);
  } finally {
    await connection.run("rollback").catch(() => {});
    await connection.close();
  }
}

async function planChange(migration: LoadedMigration, change: Change): Promise<PlannedChange> {
  let asksDatabase = false;
  const database = noDatabase(() => {
    asksDatabase = true;
  });
  try {
    const steps = await migration.steps(change.direction, database);
    refuseOwnTransaction(migration, steps.sql);
    return { ...change, sql: steps.sql, transaction: isTransactional(migration, steps), asksDatabase };
  } catch (error) {
    if (!asksDatabase) throw error;
    return { ...change, sql: [], transaction: !(await mayRunOutside(migration, change.direction)), asksDatabase };
  }
}
