import { historyItem } from "./api/history-details.ts";
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
import { type RunWatch, watchRun } from "./api/watch-run.ts";
import { withRun } from "./api/with-run.ts";
import type { CheckOptions } from "./commands/check.ts";
import { type CleanOptions, clean } from "./commands/clean.ts";
import { type HistoryOptions, history } from "./commands/history.ts";
import { type QueriesOptions, type QueriesResult, queries, readTablesForQueries } from "./commands/queries.ts";
import type { Rehearsal } from "./commands/rehearse.ts";
import { proposeFiles, type SchemaResult, writeSchema } from "./commands/schema.ts";
import { readSourceChanges, type SourceChanges } from "./commands/source-changes.ts";
import { type ValidateOptions, type ValidateResult, validate } from "./commands/validate.ts";
import type { ControlCommand } from "./model/control.ts";
import type { Notice } from "./model/left-out.ts";
import type { QueryTables } from "./queries/query-tables.ts";
import type { QueryStatement } from "./queries/statement.ts";
import { requireFiles } from "./require-files.ts";
import { presentNotices } from "./run/confirmation.ts";
import { type Context, inPhase } from "./run/context.ts";
import { throughDoor } from "./run/source-door/guarded-source.ts";
import { askControl, type ControlOptions, type ControlResult } from "./run/steering/ask-control.ts";
import type { CheckResult } from "./run/verification/check-result.ts";
import { withConnection } from "./schema/migrate/migration-connection.ts";
import type { Status } from "./status/status.ts";

/** One migration from one source to one target. Each command of the CLI is one method. */
export interface Migration extends AsyncDisposable {
  /** The versioned migration files of the target's schema. */
  readonly migrations: MigrationFiles;
  /** The rows that the target could not take. */
  readonly quarantine: Quarantine;
  /**
   * Profiles the source and inspects both sides; returns the findings. Changes nothing.
   * @throws SourceError or TargetError where a database cannot be read.
   */
  validate(options?: ValidateOptions): Promise<ValidateResult>;
  /**
   * Proposes the migration files that create the target's tables; with `write`, writes them.
   * @throws RefusedError: `MIGRATIONS_PRESENT` or `MIGRATIONS_OF_OTHERS` where files to write are there already.
   */
  schema(options?: SchemaOptions): Promise<SchemaResult>;
  /**
   * What happened to the source's schema since the run captured it, and the migration file that would follow it. Writes
   * nothing.
   * @throws RefusedError: `NO_RUN`.
   */
  schemaChanges(): Promise<SourceChanges>;
  /**
   * Copies a source at rest, without capture, and compares both sides.
   * @throws RefusedError: `BLOCKING_FINDINGS`, `MIGRATIONS_PENDING`, `TARGET_NOT_EMPTY`, `SOURCE_NOT_AT_REST`;
   *   ValueError: `VALUE_NOT_CONVERTIBLE`.
   */
  data(options?: DataOptions): Promise<CompletedData>;
  /**
   * Captures, copies and replays until the signal aborts, or until caught up.
   * @throws RefusedError: `BLOCKING_FINDINGS`, `MIGRATIONS_PENDING`, `TARGET_NOT_EMPTY`, `SOURCE_IN_USE`,
   *   `RUN_LOCKED`; DriftError: `SCHEMA_DRIFT`; ValueError: `VALUE_NOT_CONVERTIBLE`.
   */
  sync(options?: SyncOptions): Promise<CompletedSync>;
  /**
   * Compares both sides, row by row, while the sync goes on.
   * @throws RefusedError: `NO_RUN`, `NOT_COPIED`, `REPLICATION_LAG_TOO_HIGH`, and with `repair` `NOT_REPAIRABLE`.
   *   Differences are a result.
   */
  check(options?: CheckOptions): Promise<CheckResult>;
  /**
   * Tries the application's statements on both sides at one watermark, while the sync goes on. Neither database is
   * changed: writes run on temporary copies.
   * @throws RefusedError: `NO_RUN`, `NOT_SYNCED`. Statements that fail or differ are a result.
   */
  queries(statements: readonly QueryStatement[], options?: QueriesOptions): Promise<QueriesResult>;
  /**
   * The tables of the run as {@link translateQuery} needs them. Reads every value of the source.
   * @throws RefusedError: `NO_RUN`.
   */
  queryTables(): Promise<QueryTables>;
  /**
   * Fences the source, drains, verifies and opens the target: all or nothing.
   * @throws CutoverUndoneError where it was undone; RefusedError: `NO_RUN`, `NOT_SYNCED`, `RUN_LOCKED`, and
   *   `CUTOVER_UNKNOWN` where its outcome could not be asked.
   */
  cutover(options?: CutoverOptions): Promise<CompletedCutover>;
  /**
   * Tries the whole cutover except for the fence, and rolls it back; predicts the downtime.
   * @throws RefusedError: `NO_RUN`, `NOT_SYNCED`, and with `copy` `COPY_IN_USE`; UsageError: `COPY_NOT_FOUND`,
   *   `COPY_IS_THE_SOURCE`. A bad answer is a result.
   */
  rehearse(options?: RehearsalOptions): Promise<Rehearsal>;
  /**
   * Everything in order. With `cutover: false` it verifies and stays in sync until the signal aborts.
   * @throws What `sync` and `cutover` throw; DifferencesError where `check` finds some.
   */
  full(options?: FullOptions): Promise<CompletedFull>;
  /**
   * Where the run stands. Answers alongside a running sync, too.
   * @throws TargetError where the target cannot be read. A source that cannot be read is part of the result.
   */
  status(): Promise<Status>;
  /**
   * The tables of the run: where each goes, as what, and how far it is. Empty without a run.
   * @throws TargetError where the target cannot be read.
   */
  tables(): Promise<RunTable[]>;
  /**
   * What of the source's schema the target lacks or has otherwise, and the run's warnings.
   * @throws RefusedError: `NO_RUN`.
   */
  notices(): Promise<Notice[]>;
  /**
   * What changeover did to the target, and for whom; the newest first.
   * @throws TargetError where the target cannot be read.
   */
  history(options?: HistoryOptions): Promise<HistoryItem[]>;
  /**
   * The run for who looks at it again and again: the same answers over one connection. Close it.
   * @throws Nothing: its methods do.
   */
  watch(): RunWatch;
  /**
   * Before the cutover: removes everything of the run from both sides. After it: fails back to the source, with every
   * write made in the target. After that: removes everything.
   * @throws FailbackUndoneError where the failback was undone; RefusedError: `NO_RUN`,
   *   `FAILBACK_LOSES_DATA`, `COMPLETED`.
   */
  rollback(options?: RollbackOptions): Promise<CompletedRollback>;
  /**
   * After the cutover: ends the run. No failback is possible from then on.
   * @throws RefusedError: `NO_RUN`, `NOT_CUT_OVER`, `FAILBACK_HALFWAY`.
   */
  complete(): Promise<CompletedRun>;
  /**
   * Asks something of the process that works on the run, wherever it is: to pause, to cut over, to end. Waits for its
   * answer.
   * @throws RefusedError: `NO_RUN`, `CONTROL_NOT_ALLOWED`, `CONTROL_CONFLICT`, `CONTROL_UNANSWERED`, `CONTROL_REFUSED`;
   *   UsageError: `CONFIRMATION_REQUIRED`.
   */
  control(command: ControlCommand, options?: ControlOptions): Promise<ControlResult>;
  /**
   * Removes capture and the fence from the source; returns the names of what was removed.
   * @throws SourceError where the source cannot be written.
   */
  clean(options?: CleanOptions): Promise<string[]>;
  /**
   * Closes both sides. `await using` calls it.
   * @throws What the connection to the target throws when it ends; not where it is lost already.
   */
  close(): Promise<void>;
}

/**
 * Opens a migration. Neither database is opened before a method is called.
 * @throws UsageError: `TARGET_URL`, `PACKAGE_NOT_ON_DISK`.
 */
export function openMigration(options: MigrationOptions): Migration {
  requireFiles();
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
    schemaChanges: () => readSourceChanges(bare),
    data: (options) => copyData(context, options),
    sync: (options) => keepInSync(context, options),
    check: (options) => checkBoth(context, options),
    queries: (statements, options) => queries(inPhase(context, "verify"), statements, options),
    queryTables: () => readTablesForQueries(context),
    cutover: (options) => cutOverRun(context, options),
    rehearse: (options = {}) =>
      options.copy === undefined ? rehearseRun(context, options) : rehearseOnCopy(bare, options.copy, options),
    full: (options) => migrateAll(context, options),
    status: () => readStatus(bare),
    watch: () => watchRun(bare),
    tables: () => readTables(bare),
    notices: () => withRun(context, (session, run) => presentNotices(session, run.id, context.rules)),
    history: (options = {}) =>
      withConnection(context.targetUrl, async (target) => (await history(target, options)).map(historyItem)),
    rollback: (options) => rollBackRun(undoing, options),
    complete: () => completeRun(ending),
    control: (command, options) => askControl(bare, command, options),
    clean: (options = {}) => clean(inPhase(bare, "clean"), options),
    close,
    [Symbol.asyncDispose]: close,
  };
}
