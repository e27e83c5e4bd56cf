import { randomBytes } from "node:crypto";
import { mkdir, open, rename, rm } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { ChangeoverError, InterruptedError, messageOf, RefusedError } from "../../errors.ts";
import type { Report } from "../../log.ts";
import { isConnectionLoss, sqlState } from "../../target/target-error.ts";
import type { Guard } from "../migrate/migrate-settings.ts";
import type { MigrationConnection } from "../migrate/migration-connection.ts";
import type { MigrationsTable } from "../migrate/migrations-table.ts";
import type { Losses } from "./find-losses.ts";
import type { UndoneFile } from "./forecast-undo.ts";
import { hasNoLosses, inTransaction, lossesOf, lossesWithData } from "./losses-of-attempt.ts";
import type { Manifest } from "./manifest.ts";
import { isSurprise, refuseSurprise } from "./refuse-surprise.ts";
import { tryOutside } from "./try-outside.ts";
import { writeBackup } from "./write-backup.ts";

export interface RowGuardOptions {
  /** Where backups are written, each in its own directory. */
  readonly directory: string;
  /** Continue if a backup cannot be written. */
  readonly force: boolean;
  /** Its rows are no values of the application's. */
  readonly migrationsTable: MigrationsTable;
  /** What was agreed to; null: whatever the migrations take away. */
  readonly agreed: readonly UndoneFile[] | null;
  readonly report: Report;
  readonly signal: AbortSignal;
  readonly onBackup: (backup: RowBackup) => void;
}

/** A backup of rows that `down` or `redo` took away. */
export interface RowBackup {
  /** Where it is. */
  readonly directory: string;
  /** What it holds, by table; `columns` is null for whole rows. */
  readonly tables: readonly {
    readonly table: string;
    readonly rows: number;
    readonly columns: readonly string[] | null;
  }[];
  /** Rows, of all tables. */
  readonly rows: number;
  /** Size of its files. */
  readonly bytes: number;
}

export interface RowGuard extends Guard {
  /** Removes a backup of a transaction that did not commit. */
  discard(): Promise<void>;
}

/**
 * Lets no migration delete rows without a backup of them. A trial run in a savepoint, which is rolled back, finds the
 * losses. Then the tables are locked, the rows written, and the migration runs, all in one transaction, so the backup
 * has exactly the deleted rows. The directory gets its name just before the commit.
 */
export function rowGuard(options: RowGuardOptions): RowGuard {
  let pending: Pending | null = null;
  const discard = async () => {
    // If it cannot be removed, its name still ends in `.unfinished`.
    if (pending !== null) await rm(pending.temporary, { recursive: true, force: true }).catch(() => {});
    pending = null;
  };
  return {
    begin: discard,
    async changes(tx, changes, attempt) {
      if (!changes.some(({ direction }) => direction === "down")) return;
      const candidates = await lossesOf(tx, options.migrationsTable, attempt);
      if (hasNoLosses(candidates)) return;
      try {
        const losses = await lossesWithData(tx, candidates);
        if (hasNoLosses(losses)) return;
        refuseSurprise(losses, options.agreed);
        pending = newBackup(options.directory, changes.find(({ direction }) => direction === "down")?.name ?? "down");
        pending.manifest = await writeBackup(tx, losses, pending.temporary, { changes, report: options.report });
      } catch (error) {
        await discard();
        if (options.signal.aborted) throw new InterruptedError();
        if (isConnectionLoss(error) || isSurprise(error)) throw error;
        if (!options.force) throw notBackedUp(candidates, error);
        options.report({
          kind: "warning",
          message:
            `no backup of ${namesOf(candidates)} could be written (${messageOf(error)}); --force continues without ` +
            "one",
        });
      }
    },
    async statements(migration, statements, where, connection) {
      if (where !== "transaction") await refuseLossesOutside(options, { migration, statements, connection });
    },
    async commit(tx) {
      if (pending === null || pending.manifest === null) return;
      // Check deferred constraints now: if the commit failed, the backup would be of rows that still exist.
      await tx.run("set constraints all immediate");
      const { manifest, temporary, name } = pending;
      const directory = await publish(temporary, join(resolve(options.directory), `${stamp()}-${name}`));
      pending = null;
      options.onBackup(describe(directory, manifest));
    },
    discard,
  };
}

interface OutsideTransaction {
  readonly migration: string;
  readonly statements: readonly string[];
  readonly connection: MigrationConnection;
}

/** Of what runs outside a transaction no backup would have exactly the deleted rows. */
async function refuseLossesOutside(
  { agreed, force, migrationsTable, report }: RowGuardOptions,
  { connection, migration, statements }: OutsideTransaction,
): Promise<void> {
  const attempt = () => tryOutside(connection, statements);
  const losses = await inTransaction(connection, async () =>
    lossesWithData(connection, await lossesOf(connection, migrationsTable, attempt)),
  );
  if (hasNoLosses(losses)) return;
  refuseSurprise(losses, agreed);
  if (!force) throw outsideLoses(migration, losses);
  report({
    kind: "warning",
    message:
      `migration ${migration} runs outside a transaction and deletes ${namesOf(losses)}; --force continues ` +
      "without a backup",
  });
}

interface Pending {
  readonly temporary: string;
  readonly name: string;
  manifest: Manifest | null;
}

function newBackup(directory: string, name: string): Pending {
  const unfinished = `${stamp()}-${name}.${randomBytes(4).toString("hex")}.unfinished`;
  return { temporary: join(resolve(directory), unfinished), name, manifest: null };
}

function stamp(): string {
  return new Date().toISOString().replace(/[-:]|\.\d+/g, "");
}

async function publish(temporary: string, wanted: string): Promise<string> {
  await mkdir(dirname(wanted), { recursive: true });
  for (let count = 1; ; count++) {
    const directory = count === 1 ? wanted : `${wanted}-${count}`;
    try {
      await rename(temporary, directory);
    } catch (error) {
      const taken = sqlState(error) === "ENOTEMPTY" || sqlState(error) === "EEXIST";
      if (taken && count < 100) continue;
      throw error;
    }
    const parent = await open(dirname(directory), "r");
    await parent.sync();
    await parent.close();
    return directory;
  }
}

function describe(directory: string, { tables, columns }: Manifest): RowBackup {
  const entries = [
    ...tables.map(({ name, rows }) => ({ table: name, rows, columns: null })),
    ...columns.map(({ name, rows, columns: lost }) => ({
      table: name,
      rows,
      columns: lost.map((column) => column.name),
    })),
  ];
  return {
    directory,
    tables: entries,
    rows: entries.reduce((sum, { rows }) => sum + rows, 0),
    bytes: [...tables, ...columns].reduce((sum, { bytes }) => sum + bytes, 0),
  };
}

function namesOf({ tables, columns }: Losses): string {
  return [
    ...tables.map(({ table }) => `the rows of ${table.name}`),
    ...columns.map(({ table, columns: lost }) => `${lost.map(({ name }) => name).join(", ")} of ${table.name}`),
  ].join("; ");
}

function notBackedUp(losses: Losses, cause: unknown): RefusedError {
  return new RefusedError({
    code: "DOWN_NO_BACKUP",
    message:
      `this deletes ${namesOf(losses)}, but a backup could not be written: ` +
      `${cause instanceof ChangeoverError ? cause.message : messageOf(cause)}. Nothing was undone`,
    hint:
      "correct the cause, or give another --backup-dir; `down --force` continues without a backup, and then these " +
      "rows are lost",
    context: { tables: losses.tables.map(({ table }) => table.name) },
    cause,
  });
}

function outsideLoses(migration: string, losses: Losses): RefusedError {
  return new RefusedError({
    code: "DOWN_OUTSIDE_LOSES_ROWS",
    message:
      `migration ${migration} runs outside a transaction and deletes ${namesOf(losses)}: rows could change after a ` +
      "backup. It was not undone",
    hint:
      "drop tables and columns in a separate migration, which runs in a transaction; --force continues without a " +
      "backup",
    context: { file: migration, tables: losses.tables.map(({ table }) => table.name) },
  });
}
