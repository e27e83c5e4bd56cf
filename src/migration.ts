import { camelKeys } from "./api/camel-keys.ts";
import {
  checkBoth,
  completeRun,
  copyData,
  cutOverRun,
  keepInSync,
  migrateAll,
  rehearseOnCopy,
  rehearseRun,
  rollBackRun,
} from "./api/journey.ts";
import { type MigrationFiles, migrationFiles } from "./api/migration-files.ts";
import { openContext } from "./api/open-context.ts";
import type {
  CutoverOptions,
  DataOptions,
  FullOptions,
  MigrationOptions,
  RehearsalOptions,
  RollbackOptions,
  SchemaOptions,
  SyncOptions,
} from "./api/options.ts";
import { type Quarantine, quarantineView } from "./api/quarantine-view.ts";
import { readStatus } from "./api/read-status.ts";
import { type RunTable, readTables } from "./api/read-tables.ts";
import type {
  CompletedCutover,
  CompletedData,
  CompletedFull,
  CompletedRollback,
  CompletedRun,
  CompletedSync,
  HistoryItem,
} from "./api/results.ts";
import { withRun } from "./api/with-run.ts";
import type { CheckOptions } from "./commands/check.ts";
import { type CleanOptions, clean } from "./commands/clean.ts";
import { type HistoryOptions, history } from "./commands/history.ts";
import type { Rehearsal } from "./commands/rehearse.ts";
import { proposeFiles, type SchemaResult, writeSchema } from "./commands/schema.ts";
import { type ValidateOptions, type ValidateResult, validate } from "./commands/validate.ts";
import type { Notice } from "./model/left-out.ts";
import { presentNotices } from "./run/confirmation.ts";
import { type Context, inPhase } from "./run/context.ts";
import { throughDoor } from "./run/source-door/guarded-source.ts";
import type { CheckResult } from "./run/verification/check-result.ts";
import { withConnection } from "./schema/migrate/migration-connection.ts";
import type { Status } from "./status/status.ts";

/** One migration from one source to one target. Each command of the CLI is one method. */
export interface Migration extends AsyncDisposable {
  /** The versioned migration files of the target's schema. */
  readonly migrations: MigrationFiles;
  /** The rows that the target could not take. */
  readonly quarantine: Quarantine;
  /** Profiles the source and inspects both sides; returns the findings. Changes nothing. */
  validate(options?: ValidateOptions): Promise<ValidateResult>;
  /** Proposes the migration files that create the target's tables; with `write`, writes them. */
  schema(options?: SchemaOptions): Promise<SchemaResult>;
  /** Copies a source at rest, without capture, and compares both sides. */
  data(options?: DataOptions): Promise<CompletedData>;
  /** Captures, copies and replays until the signal aborts, or until caught up. */
  sync(options?: SyncOptions): Promise<CompletedSync>;
  /** Compares both sides, row by row, while the sync goes on. */
  check(options?: CheckOptions): Promise<CheckResult>;
  /** Fences the source, drains, verifies and opens the target: all or nothing. */
  cutover(options?: CutoverOptions): Promise<CompletedCutover>;
  /** Tries the whole cutover except for the fence, and rolls it back; predicts the downtime. */
  rehearse(options?: RehearsalOptions): Promise<Rehearsal>;
  /** Everything in order. With `cutover: false` it verifies and stays in sync until the signal aborts. */
  full(options?: FullOptions): Promise<CompletedFull>;
  /** Where the run stands. Answers beside a running sync, too. */
  status(): Promise<Status>;
  /** The tables of the run: where each goes, as what, and how far it is. Empty without a run. */
  tables(): Promise<RunTable[]>;
  /** What of the source's schema the target lacks or has otherwise, and the run's warnings. */
  notices(): Promise<Notice[]>;
  /** What changeover did to the target, and for whom; the newest first. */
  history(options?: HistoryOptions): Promise<HistoryItem[]>;
  /**
   * Before the cutover: removes everything of the run from both sides. After it: fails back to the source, with every
   * write made in the target. After that: removes everything.
   */
  rollback(options?: RollbackOptions): Promise<CompletedRollback>;
  /** After the cutover: ends the run. No failback is possible from then on. */
  complete(): Promise<CompletedRun>;
  /** Removes capture and the fence from the source; returns the names of what was removed. */
  clean(options?: CleanOptions): Promise<string[]>;
  /** Closes both sides. `await using` calls it. */
  close(): Promise<void>;
}

/** Opens a migration. Neither database is opened before a method is called. */
export function openMigration(options: MigrationOptions): Migration {
  return migrationOver(openContext(options));
}

/** The same over a given context: tests disturb its databases. */
export function migrationOver(bare: Context): Migration {
  // Methods that work on a run reach its source through a door that refuses other files. validate, schema, status and
  // clean inspect any file.
  const context = throughDoor(bare, { readsRows: () => true });
  const undoing = throughDoor(bare, { readsRows: (run) => run.phase === "cut-over" });
  const ending = throughDoor(bare, { readsRows: () => false });
  const close = async () => {
    bare.idleWorkers.close();
    await bare.target.close();
    bare.closeSource();
  };
  return {
    migrations: migrationFiles(context),
    quarantine: quarantineView(context),
    validate: (options) => validate(bare, options),
    schema: (options = {}) => (options.write === true ? writeSchema(bare, options) : proposeFiles(bare, options)),
    data: (options) => copyData(context, options),
    sync: (options) => keepInSync(context, options),
    check: (options) => checkBoth(context, options),
    cutover: (options) => cutOverRun(context, options),
    rehearse: (options = {}) =>
      options.copy === undefined ? rehearseRun(context, options) : rehearseOnCopy(bare, options.copy, options),
    full: (options) => migrateAll(context, options),
    status: () => readStatus(bare),
    tables: () => readTables(bare),
    notices: () => withRun(context, (session, run) => presentNotices(session, run.id, context.rules)),
    history: (options = {}) =>
      withConnection(context.targetUrl, async (target) =>
        (await history(target, options)).map((entry) => ({
          ...entry,
          id: Number(entry.id),
          details: camelKeys(entry.details),
        })),
      ),
    rollback: (options) => rollBackRun(undoing, options),
    complete: () => completeRun(ending),
    clean: (options = {}) => clean(inPhase(bare, "clean"), options),
    close,
    [Symbol.asyncDispose]: close,
  };
}
