import { existsSync } from "node:fs";
import { InterruptedError, MigrationFileError } from "../../errors.ts";
import { silent } from "../../log.ts";
import { refuseUnfitServer } from "../../target/connection/server-state.ts";
import type { Change } from "./choose-changes.ts";
import { type LoadedMigration, loadMigrations } from "./load-migrations.ts";
import { type MigrateJob, type MigrationRunOptions, type Settings, settingsOf } from "./migrate-settings.ts";
import { type MigrationConnection, openConnection } from "./migration-connection.ts";
import { begin, beginLocked } from "./migration-lock.ts";
import type { MigrationPlace } from "./migration-place.ts";
import { type MigrationState, readState } from "./migration-status.ts";
import { ensureMigrationsTable } from "./migrations-table.ts";
import { ensureOwnSchema } from "./own-schema.ts";
import { refuseChangedFiles } from "./refuse-changed-files.ts";
import { hiddenNoTransactionError, recordChange, runChange, runOutsideTransaction } from "./run-change.ts";
import { runTransaction } from "./run-transaction.ts";
import { settleRecords } from "./settle-records.ts";
import { countStatements, mayRunOutside } from "./transactional.ts";

/**
 * Statements of one transaction. Each object that they make or drop holds locks until its end, a table five or so, and
 * a server as it comes has some 7,000 for all its sessions.
 */
const STATEMENTS_AT_ONCE = 500;

/**
 * Runs migrations, all in one transaction that also holds the lock. If a file must run outside a transaction, or if
 * together they would need more locks than a server has, a second connection holds the lock, and each group of files
 * commits by itself. A kill in between loses the present group; the same command goes on behind the last. Returns what
 * was done, in order.
 */
export async function migrate(options: MigrationRunOptions, job: MigrateJob): Promise<Change[]> {
  requireDirectory(options);
  const connection = await openConnection(options.url);
  try {
    refuseUnfitServer(connection.server, connection.location);
    return await migrateOn(connection, options, job);
  } finally {
    await connection.close();
  }
}

/** The same on an open connection, with files that may be loaded already. */
export async function migrateOn(
  connection: MigrationConnection,
  options: MigrationRunOptions,
  job: MigrateJob,
  given: readonly LoadedMigration[] | null = null,
): Promise<Change[]> {
  const settings = settingsOf(options);
  const before = await readState(connection, settings.place);
  const loaded = given ?? (await loadMigrations(before.files, settings.place));
  const run = new MigrationRun(connection, settings, job, loaded);
  // The previous holder of the lock may have left a file that must run outside a transaction.
  return (await run.isInside(job.choose(before)))
    ? ((await run.inOneTransaction()) ?? (await run.withLockKeeper()))
    : await run.withLockKeeper();
}

export function requireDirectory({ directory, useGlob }: MigrationPlace): void {
  if (useGlob === true || existsSync(directory)) return;
  throw new MigrationFileError({
    code: "MIGRATIONS_MISSING",
    message: `the directory ${directory} does not exist`,
    hint:
      "`changeover schema --write` creates migration files from the source, `changeover new NAME` an empty one; " +
      "--migrations-dir names another directory",
    context: { directory },
  });
}

class MigrationRun {
  readonly #connection: MigrationConnection;
  readonly #settings: Settings;
  readonly #job: MigrateJob;
  readonly #byName: ReadonlyMap<string, LoadedMigration>;

  constructor(
    connection: MigrationConnection,
    settings: Settings,
    job: MigrateJob,
    loaded: readonly LoadedMigration[],
  ) {
    this.#connection = connection;
    this.#settings = settings;
    this.#job = job;
    this.#byName = new Map(loaded.map((file) => [file.name, file]));
  }

  async isInside(changes: readonly Change[]): Promise<boolean> {
    if (!this.#settings.singleTransaction && changes.length > 1) return false;
    return changes.length === 0 || (await this.#endOfGroup(changes, 0)) === changes.length;
  }

  /** Null if one of the files, as found under the lock, must run outside a transaction. */
  inOneTransaction(): Promise<Change[] | null> {
    const tx = this.#connection;
    return runTransaction(
      tx,
      this.#settings,
      () => beginLocked(tx, this.#settings),
      async () => {
        const changes = this.#choose(await this.#prepare(tx));
        if (!(await this.isInside(changes))) return null;
        await this.#runAll(tx, changes);
        return changes;
      },
    );
  }

  async withLockKeeper(): Promise<Change[]> {
    const keeper = await openConnection(this.#connection.url);
    try {
      await beginLocked(keeper, this.#settings);
      const changes = await this.#inside(async (tx) => this.#choose(await this.#prepare(tx)));
      for (let from = 0; from < changes.length; ) {
        if (this.#settings.signal.aborted) throw new InterruptedError();
        const until = await this.#endOfGroup(changes, from);
        const change = changes[from];
        if (until > from) await this.#inside((tx) => this.#runAll(tx, changes.slice(from, until)));
        else if (change !== undefined) await this.#outside(keeper, change);
        from = Math.max(until, from + 1);
      }
      return changes;
    } finally {
      await keeper.run("rollback").catch(() => {});
      await keeper.close();
    }
  }

  async #runAll(tx: MigrationConnection, changes: readonly Change[]): Promise<void> {
    const run = async (settings: Settings) => {
      for (const change of changes)
        if ((await runChange(tx, settings, this.#file(change), change)) !== null)
          throw hiddenNoTransactionError(this.#file(change));
    };
    await this.#settings.guard?.changes?.(tx, changes, () => run(this.#trial));
    await run(this.#settings);
  }

  async #outside(keeper: MigrationConnection, change: Change): Promise<void> {
    const file = this.#file(change);
    const started = performance.now();
    // As in node-pg-migrate, a script's function runs in a transaction; statements for outside run afterwards.
    const statements = await this.#inside(async (tx) => {
      const run = (settings: Settings) => runChange(tx, settings, file, change);
      await this.#settings.guard?.changes?.(tx, [change], async () => void (await run(this.#trial)));
      return run(this.#settings);
    });
    if (statements === null) return;
    // This fails if the lock's connection is lost.
    await runOutsideTransaction(this.#connection, this.#settings, file, statements, () => keeper.run("select 1"));
    const tx = this.#connection;
    const durationMs = performance.now() - started;
    await runTransaction(
      tx,
      { ...this.#settings, guard: null },
      () => begin(tx, this.#settings),
      () => recordChange(tx, this.#settings, file, change, durationMs),
    );
  }

  #inside<T>(work: (tx: MigrationConnection) => Promise<T>): Promise<T> {
    const tx = this.#connection;
    return runTransaction(
      tx,
      this.#settings,
      () => begin(tx, this.#settings),
      () => work(tx),
    );
  }

  /** Up to where the changes fit into one transaction: `from` itself where that one must run outside of one. */
  async #endOfGroup(changes: readonly Change[], from: number): Promise<number> {
    let statements = 0;
    let until = from;
    for (const change of changes.slice(from)) {
      if (await this.#mayRunOutside(change)) break;
      const file = this.#file(change);
      statements += await countStatements(file, change.direction);
      if (until > from && (statements > STATEMENTS_AT_ONCE || !this.#settings.singleTransaction)) break;
      until++;
    }
    return until;
  }

  /** What is only recorded runs nowhere. */
  async #mayRunOutside(change: Change): Promise<boolean> {
    return !this.#settings.fake && (await mayRunOutside(this.#file(change), change.direction));
  }

  /** Under the lock: creates the tables, updates the records, and reads the state. */
  async #prepare(tx: MigrationConnection): Promise<MigrationState> {
    const { acceptChanged, checkOrder, migrationsTable, place, records } = this.#settings;
    const state = await readState(tx, place);
    refuseChangedFiles(state, { direction: this.#job.direction, acceptChanged, checkOrder });
    await ensureMigrationsTable(tx, migrationsTable);
    if (records) {
      await ensureOwnSchema(tx, this.#settings);
      await settleRecords(tx, migrationsTable, state, acceptChanged);
    }
    return state;
  }

  /** A trial is rolled back: what it does is not reported as done. */
  get #trial(): Settings {
    return { ...this.#settings, report: silent };
  }

  /** A file that a sync wrote while the lock was waited for is for the next run: nobody asked for it. */
  #choose(state: MigrationState): Change[] {
    const changes = this.#job.choose(state);
    const fresh = changes.findIndex(({ direction, name }) => direction === "up" && !this.#byName.has(name));
    return fresh === -1 ? changes : changes.slice(0, fresh);
  }

  #file({ name }: Change): LoadedMigration {
    const file = this.#byName.get(name);
    // `refuseUnsound` has checked this; the file was removed just now.
    if (file === undefined)
      throw new MigrationFileError({
        code: "MIGRATION_MISSING",
        message: `the file of migration ${name} is missing`,
        hint: "restore the file, from version control for example",
        context: { file: name },
      });
    return file;
  }
}
