import { ChangeoverError, InterruptedError, MigrationFileError } from "../../errors.ts";
import { isConnectionLoss, MORE_LOCKS, sqlState, targetError, withoutValues } from "../../target/target-error.ts";
import type { Change } from "./choose-changes.ts";
import { type FailedText, failedLine, runText } from "./failed-line.ts";
import type { LoadedMigration, Steps } from "./load-migrations.ts";
import type { Settings } from "./migrate-settings.ts";
import { cancelStatement, type MigrationConnection } from "./migration-connection.ts";
import { forgetRecord, saveRecord } from "./migration-records.ts";
import { deleteApplied, insertApplied, type MigrationsTable } from "./migrations-table.ts";
import { splitStatements } from "./split-statements.ts";
import { isTransactional, refuseOwnTransaction } from "./transactional.ts";

const SILENT = { debug() {}, info() {}, warn() {}, error() {} };

/**
 * Runs a migration in the open transaction and records it there. If it must run outside a transaction, only its
 * function has run: its statements are returned.
 */
export async function runChange(
  tx: MigrationConnection,
  settings: Settings,
  migration: LoadedMigration,
  change: Change,
): Promise<readonly string[] | null> {
  const started = performance.now();
  if (settings.fake) {
    await recordChange(tx, settings, migration, change, null);
    return null;
  }
  settings.report({ kind: "step", message: `${change.direction === "up" ? "applying" : "undoing"} ${migration.name}` });
  const written = await collect(tx, migration, change);
  const steps = await edited(written, migration.name, settings);
  refuseOwnTransaction(migration, steps.sql);
  if (!isTransactional(migration, steps)) return steps.sql.flatMap(splitStatements);
  await settings.guard?.statements(migration.name, steps.sql, "transaction", tx);
  for (const [index, sql] of steps.sql.entries()) {
    if (settings.verbose) settings.report({ kind: "step", message: sql.trim() });
    await runText(tx, sql, (error, completed) => {
      const text = { written: written.sql[index] ?? sql, sent: sql, completed };
      return migrationFailed(error, { tx, migration, text, committed: null });
    });
  }
  await recordChange(tx, settings, migration, change, performance.now() - started);
  return null;
}

/**
 * Runs a file's statements outside a transaction, each committed immediately. `stillLocked` checks the lock before
 * each.
 */
export async function runOutsideTransaction(
  connection: MigrationConnection,
  settings: Settings,
  migration: LoadedMigration,
  statements: readonly string[],
  stillLocked: () => Promise<void>,
): Promise<void> {
  await settings.guard?.statements(migration.name, statements, "outside", connection);
  for (const [done, statement] of statements.entries()) {
    await stillLocked();
    if (settings.verbose) settings.report({ kind: "step", message: statement });
    await cancellable(connection, settings.signal, statement).catch((error: unknown) => {
      const text = { written: statement, sent: statement, completed: 0 };
      throw migrationFailed(error, { tx: connection, migration, text, committed: done });
    });
  }
}

/**
 * Runs a statement that an abort cancels at the server. It is found by its text, since behind a pooler the backend is
 * not known.
 */
async function cancellable(connection: MigrationConnection, signal: AbortSignal, statement: string): Promise<void> {
  const stop = () => void cancelStatement(connection.url, statement).catch(() => {});
  if (signal.aborted) throw new InterruptedError();
  signal.addEventListener("abort", stop, { once: true });
  try {
    await connection.client.query(statement);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

/** Records an applied or undone file in node-pg-migrate's table and in ours. */
export async function recordChange(
  tx: MigrationConnection,
  { migrationsTable, records }: { readonly migrationsTable: MigrationsTable; readonly records: boolean },
  file: LoadedMigration,
  { direction }: Change,
  durationMs: number | null,
): Promise<void> {
  if (direction === "up") {
    const applied = await insertApplied(tx, migrationsTable, file.name);
    if (records) await saveRecord(tx, migrationsTable, { file, applied, durationMs });
  } else {
    await deleteApplied(tx, migrationsTable, file.name);
    if (records) await forgetRecord(tx, migrationsTable, file.name);
  }
}

async function edited(steps: Steps, migration: string, { edit }: Settings): Promise<Steps> {
  if (edit === null || edit === undefined) return steps;
  const sql = await Promise.all(steps.sql.map((text) => edit(migration, text)));
  return { ...steps, sql };
}

async function collect(connection: MigrationConnection, migration: LoadedMigration, change: Change): Promise<Steps> {
  try {
    const { db } = await import("node-pg-migrate/db");
    return await migration.steps(change.direction, db(connection.client, SILENT));
  } catch (error) {
    throw migrationFailed(error, { tx: connection, migration, text: null, committed: null });
  }
}

interface Failure {
  readonly tx: MigrationConnection;
  readonly migration: LoadedMigration;
  readonly text: FailedText | null;
  /** Number of committed statements; null if the transaction rolls all back. */
  readonly committed: number | null;
}

const OUT_OF_MEMORY = "53200";

function migrationFailed(error: unknown, { tx, migration, text, committed }: Failure): ChangeoverError {
  if (error instanceof ChangeoverError) return error;
  if (isConnectionLoss(error)) return targetError(error, tx.location);
  const line = text === null ? null : failedLine(error, migration, text);
  const outcome =
    committed === null
      ? "it was rolled back"
      : committed === 0
        ? "it runs outside a transaction, and this was its first statement"
        : "it runs outside a transaction: its first " +
          `${committed === 1 ? "statement is" : `${committed} statements are`} committed`;
  return new MigrationFileError({
    code: "MIGRATION_FAILED",
    message:
      `migration ${migration.name} failed${line === null ? "" : ` at line ${line}`}, and ${outcome}: ` +
      `${withoutValues(error)}`,
    hint:
      sqlState(error) === OUT_OF_MEMORY
        ? MORE_LOCKS
        : committed === null
          ? `correct ${migration.path} and run the same command again`
          : "it is not recorded as applied. Undo the committed statements by hand (an unfinished index stays " +
            `INVALID: drop it), correct ${migration.path}, and run the same command again`,
    context: { file: migration.name, sqlState: sqlState(error), line },
    cause: error,
  });
}

export function hiddenNoTransactionError(migration: LoadedMigration): MigrationFileError {
  return new MigrationFileError({
    code: "MIGRATION_NO_TRANSACTION",
    message:
      `migration ${migration.name} must run outside a transaction, but this was not visible in its text, so it was ` +
      "started in one. It was rolled back",
    hint: `call pgm.noTransaction() in ${migration.path} itself`,
    context: { file: migration.name },
  });
}
