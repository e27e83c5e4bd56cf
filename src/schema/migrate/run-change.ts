import { ChangeoverError, InterruptedError, MigrationFileError } from "../../errors.ts";
import { isConnectionLoss, MORE_LOCKS, sqlState, targetError, withoutValues } from "../../target/target-error.ts";
import type { Change } from "./choose.ts";
import { cancelStatement, type MigrationConnection } from "./connection.ts";
import { type Ledger, markApplied, markUndone } from "./ledger.ts";
import type { LoadedMigration, Steps } from "./load.ts";
import type { Settings } from "./migrate-options.ts";
import { forgetRecord, saveRecord } from "./records.ts";
import { splitStatements } from "./split-statements.ts";
import { isTransactional, refuseOwnTransaction } from "./transactional.ts";

const SILENT = { debug() {}, info() {}, warn() {}, error() {} };

/**
 * Runs one file one way in the transaction that is open, and notes it there. Where it is not for a transaction, only its own function has
 * run, and its statements are returned.
 */
export async function runChange(
  tx: MigrationConnection,
  settings: Settings,
  migration: LoadedMigration,
  change: Change,
): Promise<readonly string[] | null> {
  const started = performance.now();
  settings.report({ kind: "step", message: `${change.direction === "up" ? "applying" : "undoing"} ${migration.name}` });
  const steps = await collect(tx, migration, change);
  refuseOwnTransaction(migration, steps.sql);
  if (!isTransactional(migration, steps)) return steps.sql.flatMap(splitStatements);
  await settings.guard?.statements(migration.name, steps.sql, "transaction", tx);
  for (const sql of steps.sql) {
    await tx.client.query(sql).catch((error: unknown) => {
      throw failed(error, { tx, migration, sql, kept: null });
    });
  }
  await note(tx, settings, migration, change, performance.now() - started);
  return null;
}

/** Runs a file's statements outside of transactions, each at once in effect. `stillLocked` is asked before each. */
export async function runOutside(
  connection: MigrationConnection,
  settings: Settings,
  migration: LoadedMigration,
  statements: readonly string[],
  stillLocked: () => Promise<void>,
): Promise<void> {
  await settings.guard?.statements(migration.name, statements, "outside", connection);
  for (const [done, statement] of statements.entries()) {
    await stillLocked();
    await cancellable(connection, settings.signal, statement).catch((error: unknown) => {
      throw failed(error, { tx: connection, migration, sql: statement, kept: done });
    });
  }
}

/** Whoever asks to stop need not wait for an index. The statement is known by its text: behind a pooler, nobody knows the process. */
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

/** Notes in node-pg-migrate's table and in ours what became of a file. */
export async function note(
  tx: MigrationConnection,
  { ledger, records }: { readonly ledger: Ledger; readonly records: boolean },
  file: LoadedMigration,
  { direction }: Change,
  durationMs: number,
): Promise<void> {
  if (direction === "up") {
    const applied = await markApplied(tx, ledger, file.name);
    if (records) await saveRecord(tx, { file, applied, durationMs });
  } else {
    await markUndone(tx, ledger, file.name);
    if (records) await forgetRecord(tx, file.name);
  }
}

async function collect(connection: MigrationConnection, migration: LoadedMigration, change: Change): Promise<Steps> {
  try {
    const { db } = await import("node-pg-migrate/db");
    return await migration.steps(change.direction, db(connection.client, SILENT));
  } catch (error) {
    throw failed(error, { tx: connection, migration, sql: null, kept: null });
  }
}

interface Failure {
  readonly tx: MigrationConnection;
  readonly migration: LoadedMigration;
  readonly sql: string | null;
  /** Statements that are in effect; null where the transaction takes all back. */
  readonly kept: number | null;
}

const OUT_OF_MEMORY = "53200";

function failed(error: unknown, { tx, migration, sql, kept }: Failure): ChangeoverError {
  if (error instanceof ChangeoverError) return error;
  if (isConnectionLoss(error)) return targetError(error, tx.location);
  const line = sql === null ? null : lineOf(error, migration, sql);
  const outcome =
    kept === null
      ? "nothing of it was kept"
      : kept === 0
        ? "it runs outside a transaction, and this was its first statement"
        : `it runs outside a transaction: its first ${kept === 1 ? "statement is" : `${kept} statements are`} in effect`;
  return new MigrationFileError({
    code: "MIGRATION_FAILED",
    message: `migration ${migration.name} failed${line === null ? "" : ` at line ${line}`}, and ${outcome}: ${withoutValues(error)}`,
    hint:
      sqlState(error) === OUT_OF_MEMORY
        ? MORE_LOCKS
        : kept === null
          ? `correct ${migration.path} and run the same command again`
          : `it is not noted as done. Undo by hand what is in effect (an index that was not finished is left INVALID: drop it), correct ${migration.path}, and run the same command again`,
    context: { file: migration.name, sqlState: sqlState(error), line },
    cause: error,
  });
}

/** The line of the file that PostgreSQL's position in a statement is on. */
function lineOf(error: unknown, { text }: LoadedMigration, sql: string): number | null {
  const position = error instanceof Error && "position" in error ? Number(error.position) : Number.NaN;
  // node-pg-migrate ends a text with a semicolon where it has none.
  const from = Math.max(text.indexOf(sql), text.indexOf(sql.replace(/;$/, "")));
  return from < 0 || !(position > 0) ? null : text.slice(0, from + position - 1).split("\n").length;
}

export function hiddenNoTransaction(migration: LoadedMigration): MigrationFileError {
  return new MigrationFileError({
    code: "MIGRATION_NO_TRANSACTION",
    message: `migration ${migration.name} asks for no transaction, but its own text does not say so, and it was begun in one. Nothing of it was kept`,
    hint: `call pgm.noTransaction() in ${migration.path} itself`,
    context: { file: migration.name },
  });
}
