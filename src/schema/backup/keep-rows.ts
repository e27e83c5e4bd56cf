import { randomBytes } from "node:crypto";
import { mkdir, open, rename, rm } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { ChangeoverError, InterruptedError, messageOf, RefusedError } from "../../errors.ts";
import type { Report } from "../../log.ts";
import { isConnectionLoss, sqlState } from "../../target/target-error.ts";
import type { Guard } from "../migrate/migrate-options.ts";
import type { Losses } from "./find-losses.ts";
import type { Manifest } from "./manifest.ts";
import { tryOutside } from "./try-outside.ts";
import { inTransaction, isNothing, whatGoes, withData } from "./what-goes.ts";
import { writeBackup } from "./write-backup.ts";

export interface KeepRowsOptions {
  /** Where backups go, one directory each. */
  readonly directory: string;
  /** Goes on where a backup cannot be made. */
  readonly force: boolean;
  readonly report: Report;
  readonly signal: AbortSignal;
  readonly onBackup: (backup: RowBackup) => void;
}

export interface RowBackup {
  readonly directory: string;
  readonly tables: readonly {
    readonly table: string;
    readonly rows: number;
    readonly columns: readonly string[] | null;
  }[];
  readonly rows: number;
  readonly bytes: number;
}

export interface RowKeeper extends Guard {
  /** Removes what was written for a transaction that did not commit. */
  discard(): Promise<void>;
}

/**
 * Lets no migration take away rows without a backup of them. What it would take away is found by running it in a savepoint that
 * is rolled back. Then the tables are locked, the rows written, and the migration runs, all in one transaction: what is
 * dropped is what was written. The directory gets its name just before the commit.
 */
export function keepRows(options: KeepRowsOptions): RowKeeper {
  let pending: Pending | null = null;
  const discard = async () => {
    // One that cannot be removed has a name that says what it is.
    if (pending !== null) await rm(pending.temporary, { recursive: true, force: true }).catch(() => {});
    pending = null;
  };
  return {
    begin: discard,
    async changes(tx, changes, attempt) {
      if (!changes.some(({ direction }) => direction === "down")) return;
      const candidates = await whatGoes(tx, attempt);
      if (isNothing(candidates)) return;
      try {
        const losses = await withData(tx, candidates);
        if (isNothing(losses)) return;
        const name = changes.find(({ direction }) => direction === "down")?.name ?? "down";
        pending = {
          temporary: join(
            resolve(options.directory),
            `${stamp()}-${name}.${randomBytes(4).toString("hex")}.unfinished`,
          ),
          name,
          manifest: null,
        };
        pending.manifest = await writeBackup(tx, losses, pending.temporary, { changes, report: options.report });
      } catch (error) {
        await discard();
        if (options.signal.aborted) throw new InterruptedError();
        if (isConnectionLoss(error)) throw error;
        if (!options.force) throw notBackedUp(candidates, error);
        options.report({
          kind: "warning",
          message: `no backup of ${namesOf(candidates)} could be made (${messageOf(error)}), and --force goes on without one`,
        });
      }
    },
    async statements(migration, statements, where, connection) {
      if (where === "transaction") return;
      const losses = await inTransaction(connection, async () =>
        withData(connection, await whatGoes(connection, () => tryOutside(connection, statements))),
      );
      if (isNothing(losses)) return;
      if (!options.force) throw outsideLoses(migration, losses);
      options.report({
        kind: "warning",
        message: `migration ${migration} runs outside a transaction and takes away ${namesOf(losses)}; --force goes on without a backup`,
      });
    },
    async commit(tx) {
      if (pending === null || pending.manifest === null) return;
      // What the commit would refuse is refused before there is a backup of what is not gone.
      await tx.run("set constraints all immediate");
      const { manifest, temporary, name } = pending;
      const directory = await publish(temporary, join(resolve(options.directory), `${stamp()}-${name}`));
      pending = null;
      options.onBackup(describe(directory, manifest));
    },
    discard,
  };
}

interface Pending {
  readonly temporary: string;
  readonly name: string;
  manifest: Manifest | null;
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
    message: `this takes away ${namesOf(losses)}, and a backup of that could not be written: ${cause instanceof ChangeoverError ? cause.message : messageOf(cause)}. Nothing was undone`,
    hint: "see to the reason, or give --backup-dir another place; `down --force` goes on without a backup, and then that is gone for good",
    context: { tables: losses.tables.map(({ table }) => table.name) },
    cause,
  });
}

function outsideLoses(migration: string, losses: Losses): RefusedError {
  return new RefusedError({
    code: "DOWN_OUTSIDE_LOSES_ROWS",
    message: `migration ${migration} runs outside a transaction and takes away ${namesOf(losses)}: rows could change between a backup and that. It was not undone`,
    hint: "move what drops tables or columns into a migration of its own, which runs in a transaction; --force goes on without a backup",
    context: { file: migration, tables: losses.tables.map(({ table }) => table.name) },
  });
}
