import { type CheckOptions, check } from "./commands/check.ts";
import { type CleanOptions, clean } from "./commands/clean.ts";
import { type CompleteResult, complete } from "./commands/complete.ts";
import { verifyAndCutOver } from "./commands/cutover.ts";
import { loadAtRest, loadUnverified, type Unverified } from "./commands/data.ts";
import { prepareAndLoad, verifyAndFollow } from "./commands/full.ts";
import { type HistoryOptions, history } from "./commands/history.ts";
import {
  type FullResult,
  historyOfCheck,
  historyOfCompletion,
  historyOfCutover,
  historyOfFull,
  historyOfRetry,
  historyOfRollback,
  historyOfSync,
} from "./commands/history-details.ts";
import { down, type MigrationsOptions, planMigrations, redo, up } from "./commands/migrate.ts";
import { type Rehearsal, rehearse } from "./commands/rehearse.ts";
import { rehearseCopy } from "./commands/rehearse-copy.ts";
import { restore } from "./commands/restore.ts";
import { type RetryResult, retryQuarantine } from "./commands/retry-quarantine.ts";
import { type RollbackResult, rollBack } from "./commands/roll-back.ts";
import { proposeFiles, type SchemaResult, writeSchema } from "./commands/schema.ts";
import { resumeRun, syncFrom } from "./commands/sync-from.ts";
import { type ValidateOptions, type ValidateResult, validate } from "./commands/validate.ts";
import type { Hooks } from "./cutover/hooks.ts";
import type { PostponeCondition } from "./cutover/postpone-condition.ts";
import type { EmbeddedPostgres } from "./embedded/embedded.ts";
import { UsageError } from "./errors.ts";
import { countChanges } from "./failback/capture/target-changes.ts";
import { compareOnFailback } from "./failback/compare-on-failback.ts";
import type { AcceptLosses } from "./failback/present-run.ts";
import type { CutoverResult } from "./cutover/cutover-run.ts";
import { readCatalogue } from "./inspect/read-catalogue.ts";
import { type Report, silent } from "./log.ts";
import type { Notice } from "./model/left-out.ts";
import { mergeRules, type Rules } from "./model/rules.ts";
import type { Run } from "./model/run.ts";
import type { CollationChoice } from "./model/text-order.ts";
import { pgTable } from "./quote.ts";
import { type BackedUp, type BackupOptions, backedUp, backupOf } from "./run/back-up-source.ts";
import { mustLoad, noRun } from "./run/begin.ts";
import { askBeforehand, type Confirm, Confirmation, keepAnswers, presentNotices } from "./run/confirmation.ts";
import { type Context, withLock, withReconnectKeeping, withSession } from "./run/context.ts";
import type { SyncedBatch, SyncResult } from "./run/follow-until.ts";
import type { HistoryEntry } from "./run/history/store.ts";
import type { UndoOptions } from "./run/keep-undone-rows.ts";
import { readSourceState } from "./run/read-source-state.ts";
import { recorded } from "./run/record-command.ts";
import { throughDoor } from "./run/source-door/guarded-source.ts";
import type { CheckResult } from "./run/verification/check-result.ts";
import type { RestoreOptions, RestoreResult } from "./schema/backup/restore-backup.ts";
import type { HowFar } from "./schema/migrate/choose.ts";
import { withConnection } from "./schema/migrate/connection.ts";
import type { PlannedChange } from "./schema/migrate/dry-run.ts";
import { prepareRunStore } from "./schema/migrate/prepare-run-store.ts";
import { renderChange } from "./schema/migrate/render-change.ts";
import { type RollbackFile, rollbackFile } from "./schema/migrate/rollback-file.ts";
import { type MigrationStatus, statusOf as migrationStatusOf, readState } from "./schema/migrate/status.ts";
import { openSource, type Source } from "./source/source.ts";
import { type Status, statusOf } from "./status/status.ts";
import { loadFailback } from "./target/store/failback-store.ts";
import { hasNotices } from "./target/store/notice-store.ts";
import {
  countQuarantine,
  listQuarantine,
  type QuarantineCount,
  type QuarantineEntry,
  sizeOfQuarantine,
} from "./target/store/quarantine.ts";
import { isLocked, loadRun, loadTables } from "./target/store/run-store.ts";
import { lastPass } from "./target/store/verification-store.ts";
import { openTarget, type TargetReader, type TargetSession } from "./target/target.ts";
import { canonicalUrl } from "./target/target-address.ts";
import type { LockWait } from "./throttle/throttle.ts";
import { Throttle } from "./throttle/throttle.ts";
import type { LoadSignal } from "./throttle/throttle-policy.ts";
import { IdleWorkers } from "./workers/idle-workers.ts";

export interface MigrationOptions {
  /** Path or URL of the SQLite or libSQL database. Commands that look only at the target do without. */
  readonly source?: string;
  readonly sourceAuthToken?: string;
  /**
   * The run's source was moved, and is this one now: taken for it once the old file is found to be gone, or to refuse
   * writes. Without it, every method refuses another file than the run's (SOURCE_IS_ANOTHER_FILE).
   */
  readonly sourceMoved?: boolean;
  /**
   * With `sourceMoved`, where the old file cannot be seen: you vouch that the application writes to this source and to
   * no other.
   */
  readonly onlySource?: boolean;
  /** `wal` switches a file source to SQLite's write-ahead log before `sync` and `full` begin, for good. Default: it stays as it is. */
  readonly sourceJournal?: "wal";
  /** URL of the PostgreSQL database. See {@link openEmbedded} for one that needs no server. */
  readonly target: string;
  /** Directory of the node-pg-migrate files. Default: `migrations`. */
  readonly migrationsDirectory?: string;
  /** How far types follow what is in the columns when the schema is proposed. Default: plain. */
  readonly types?: "plain" | "enhanced";
  /** `snake_case` folds the names of the source when the schema is proposed and matched. Default: keep. */
  readonly names?: "keep" | "snake_case";
  /** `bytes` gives the proposed columns the collation "C", by which texts are ordered as in SQLite. Default: bytes. */
  readonly collationChoice?: CollationChoice;
  /** Source tables that stay behind. */
  readonly exclude?: readonly string[];
  /** What you decide for tables and columns, over what the plan would choose. */
  readonly rules?: Rules;
  /** Rows a second at most, in copy and replay. Default: no limit. */
  readonly maxRate?: number;
  /** How many tables are looked at, copied and compared at once. Default: as many as there are processors, half of them beside an application; 4 at most. */
  readonly jobs?: number;
  /** Told what happens; the library itself prints nothing. */
  readonly report?: Report;
  /** Ends whatever is under way in good order; the next call goes on from there. */
  readonly signal?: AbortSignal;
}

/** One migration from one source to one target. Each command of the CLI is one call. */
export interface Migration {
  /** Looks at the values and at both ends; changes nothing. */
  validate(options?: ValidateOptions): Promise<ValidateResult>;
  /** The migration files that would make the target's tables; with `write` they are written. */
  schema(options?: { readonly write?: boolean }): Promise<SchemaResult>;
  /** Applies pending migrations; returns their names. */
  up(options?: MigrationsOptions): Promise<string[]>;
  /** Undoes the last migrations; returns their names. */
  down(options?: MigrationsOptions & UndoOptions): Promise<string[]>;
  /** SQL that undoes the last migrations with psql alone; changes nothing. */
  rollbackFile(howFar?: HowFar): Promise<RollbackFile>;
  redo(options?: MigrationsOptions & UndoOptions): Promise<string[]>;
  /** Puts back what `down` or `redo` wrote to a directory before it was gone, once the tables are there again. */
  restore(directory: string, options?: RestoreOptions): Promise<RestoreResult>;
  /** What `up`, `down` or `redo` would run: a look that writes nothing and takes no lock. */
  planMigrations(direction: "up" | "down" | "redo", options?: MigrationsOptions): Promise<PlannedChange[]>;
  migrations(): Promise<MigrationStatus[]>;
  /** What was done with the target by changeover, and by whom: the newest first. */
  history(options?: HistoryOptions): Promise<HistoryEntry[]>;
  /** An applied migration's file as it was then, and how it differs now; null if it is not recorded. */
  appliedMigration(name: string): Promise<AppliedFile | null>;
  /** Names of the target's tables that hold rows. */
  filledTables(): Promise<string[]>;
  /** Copies a source at rest, without capture. */
  data(options?: BackupOptions): Promise<CheckResult & BackedUp>;
  /** The same, without comparing both sides in the end. */
  dataUnverified(options?: BackupOptions): Promise<Unverified & BackedUp>;
  /** Captures, copies and replays until told to stop, or until caught up. */
  sync(options?: SyncOptions): Promise<SyncResult & BackedUp>;
  /** Compares both sides, row by row, while the sync goes on. */
  check(options?: CheckOptions): Promise<CheckResult>;
  cutover(options?: CutoverOptions): Promise<CutoverResult>;
  /** The cutover but for the fence, tried on both databases and taken back: what would fail, and the predicted downtime. */
  rehearse(options?: RehearsalOptions): Promise<Rehearsal>;
  /** All of it in order. With `cutover: false` it verifies and stays in sync until told to stop. */
  full(options?: FullOptions): Promise<FullResult & BackedUp>;
  status(): Promise<Status>;
  /** What of the source's schema the run leaves out or has otherwise in the target, and its warnings: each by name. */
  leftOut(): Promise<Notice[]>;
  /** What the target could not take, table by table: rows kept out, and values that became NULL there. */
  quarantined(): Promise<QuarantineCount[]>;
  /** The entries of the quarantine, oldest first. They hold the rows' values. */
  quarantine(page?: QuarantinePage): Promise<QuarantineEntry[]>;
  /** Tries those rows again as they are in the source now. */
  retryQuarantine(options?: { readonly table?: string }): Promise<RetryResult>;
  /**
   * Before the cutover: undoes everything, on both sides. After it: returns to the source, with every write that was made in the
   * target. After that: undoes everything.
   */
  rollback(options?: RollbackOptions): Promise<RollbackResult>;
  /** After the cutover: ends the run; there is no failback then. */
  complete(): Promise<CompleteResult>;
  /** Removes capture, and the fence, from the source; returns what was removed. */
  clean(options?: CleanOptions): Promise<string[]>;
  close(): Promise<void>;
}

export interface SyncOptions extends BackupOptions {
  readonly until?: "stopped" | "caught-up";
  readonly onBatch?: (batch: SyncedBatch) => void;
  /** Source tables to bring in line again first: after a change of their schema, or a VACUUM. The rest stays as it is. */
  readonly resync?: readonly string[];
}

export interface AppliedFile {
  readonly file: string;
  readonly text: string;
  /** A unified diff to the file as it is now; null if it is the same, or gone. */
  readonly diff: string | null;
}

export interface QuarantinePage {
  readonly table?: string;
  /** Entries after this id. */
  readonly after?: bigint;
  /** Default: 1,000. */
  readonly limit?: number;
}

export interface CutoverOptions {
  /**
   * Asked before anything is written, or before the target takes over, about what does not come over as it is. Throws to stop.
   * Default: nobody is asked; the result names it all.
   */
  readonly confirm?: Confirm;
  /** The longest that the application's writes may be refused before the cutover gives up, ms. Default: 2,000. */
  readonly maxDowntime?: number;
  /** What must hold before the fence goes up; until then the sync goes on. */
  readonly when?: readonly PostponeCondition[];
  /** Called in the course of the cutover, and waited for. */
  readonly hooks?: Hooks;
  /** Whether changes of the target are logged from then on, so that one can return without losing any. Default: true. */
  readonly failback?: boolean;
}

export interface RollbackOptions {
  /** After the cutover: the longest that the target may refuse writes before the return gives up, ms. Default: 2,000. */
  readonly maxDowntime?: number;
  /**
   * After the cutover: asked, before anything is fenced, whether the return may go on without what the source cannot hold. Default: no,
   * and the return is refused with FAILBACK_LOSES_DATA.
   */
  readonly acceptLosses?: AcceptLosses;
}

export interface RehearsalOptions extends Omit<CutoverOptions, "confirm"> {
  /** Compares everything and proves the foreign keys first. Default: true; false is a dry run, which takes moments. */
  readonly whole?: boolean;
  /**
   * All of it on a copy of the source, cutover and failback included, in a database that is dropped in the end; the
   * run itself is left alone. Where no file is, it is made from the source. Hooks are not called, and nothing is
   * waited for.
   */
  readonly copy?: string;
  /** With `copy`: an embedded PostgreSQL to do it in. Default: the target's server. */
  readonly embedded?: EmbeddedPostgres;
}

export interface FullOptions extends CutoverOptions, BackupOptions {
  readonly cutover?: boolean;
}

export const MAX_DOWNTIME_MS = 2_000;

/** Opens both ends lazily: nothing is read or written before a method is called. */
export function openMigration(options: MigrationOptions): Migration {
  return migrationOver(contextOf(options));
}

/** The same over databases that are given: tests disturb them. */
export function migrationOver(bare: Context): Migration {
  // What works on a run comes to its source through the door; what only looks (validate, schema, status) does not.
  const context = throughDoor(bare, { readsRows: () => true });
  const undoing = throughDoor(bare, { readsRows: (run) => run.phase === "cut-over" });
  const ending = throughDoor(bare, { readsRows: () => false });
  const cutoverSettings = (given: CutoverOptions = {}) => ({
    failback: given.failback !== false,
    maxDowntime: given.maxDowntime ?? MAX_DOWNTIME_MS,
    when: given.when ?? [],
    hooks: given.hooks ?? {},
  });
  return {
    validate: (options) => validate(bare, options),
    schema: (options = {}) => (options.write === true ? writeSchema(bare) : proposeFiles(bare)),
    up: (given = {}) => up(context, given),
    down: (given = {}) => down(context, given),
    redo: (given = {}) => redo(context, given),
    restore: (directory, given = {}) => restore(context, directory, given),
    history: (given = {}) => withConnection(context.targetUrl, (target) => history(target, given)),
    rollbackFile: (howFar = {}) => rollbackFile(context.targetUrl, context.migrationsDirectory, howFar),
    planMigrations: (direction, given = {}) => planMigrations(context, direction, given),
    migrations: () =>
      withConnection(context.targetUrl, async (target) =>
        migrationStatusOf(await readState(target, context.migrationsDirectory)),
      ),
    appliedMigration: (name) =>
      withConnection(context.targetUrl, (target) => appliedMigration(target, context.migrationsDirectory, name)),
    filledTables: () => withConnection(context.targetUrl, filledTables),
    async data(given = {}) {
      await touch(context);
      const backup = await backupOf(context, given);
      const result = await recorded(context, { command: "data", keep: historyOfCheck }, (own) =>
        loadAtRest(own, backup),
      );
      return { ...result, ...backedUp(backup) };
    },
    async dataUnverified(given = {}) {
      await touch(context);
      const backup = await backupOf(context, given);
      const result = await recorded<Unverified>(
        context,
        { command: "data", keep: ({ rows }) => ({ details: { rows, verified: false } }) },
        (own) => loadUnverified(own, backup),
      );
      return { ...result, ...backedUp(backup) };
    },
    async sync(given = {}) {
      await touch(context);
      await switchJournal(context);
      const backup = await backupOf(context, given);
      const { resync: tables = [] } = given;
      const result = await recorded(
        context,
        { command: "sync", details: { resync: tables }, keep: historyOfSync },
        (own) => syncFrom(own, given, backup),
      );
      return { ...result, ...backedUp(backup) };
    },
    async check(given) {
      await touch(context);
      const compare = async (own: Context) => (await compareOnFailback(own, given)) ?? check(own, given);
      return given?.repair === true
        ? recorded(context, { command: "check --repair", keep: historyOfCheck }, compare)
        : compare(context);
    },
    async cutover(given) {
      await touch(context);
      const confirmation = new Confirmation(given?.confirm);
      await askBeforehand(context, confirmation);
      return recorded(context, { command: "cutover", keep: historyOfCutover }, (own) =>
        withLock(own, "cutover", async (session) => {
          await resumeRun(own, session);
          await keepAnswers(own, session, await mustLoad(session), confirmation);
          return verifyAndCutOver(own, session, cutoverSettings(given));
        }),
      );
    },
    async rehearse(given = {}) {
      if (given.copy !== undefined) return rehearseOnCopy(bare, given.copy, given);
      await touch(context);
      return withLock(context, "rehearsal", async (session) => {
        await resumeRun(context, session);
        return rehearse(context, session, { ...cutoverSettings(given), whole: given.whole !== false });
      });
    },
    async full(given = {}) {
      await touch(context);
      await switchJournal(context);
      const backup = await backupOf(context, given);
      const confirmation = new Confirmation(given.confirm);
      await askBeforehand(context, confirmation);
      const result = await recorded<FullResult>(context, { command: "full", keep: historyOfFull }, async (own) => {
        const { session } = await withReconnectKeeping(own, (locked) =>
          prepareAndLoad(own, locked, { backup, confirmation }),
        );
        try {
          if (given.cutover !== false)
            return { kind: "cutover", cutover: await verifyAndCutOver(own, session, cutoverSettings(given)) };
          return { kind: "synced", ...(await verifyAndFollow(own, session)) };
        } finally {
          await session.close();
        }
      });
      return { ...result, ...backedUp(backup) };
    },
    quarantined: () => withRun(context, (session, run) => countQuarantine(session, run.id)),
    quarantine: (page = {}) =>
      withRun(context, (session, run) =>
        listQuarantine(session, {
          run: run.id,
          table: page.table ?? null,
          after: page.after ?? 0n,
          limit: page.limit ?? 1_000,
        }),
      ),
    async retryQuarantine(given = {}) {
      await touch(context);
      return recorded(context, { command: "quarantine retry", keep: historyOfRetry }, (own) =>
        retryQuarantine(own, { table: given.table ?? null }),
      );
    },
    status: () => status(bare),
    leftOut: () => withRun(context, (session, run) => presentNotices(session, run.id, context.rules)),
    async rollback(given = {}) {
      await touch(undoing);
      return recorded(undoing, { command: "rollback", keep: historyOfRollback }, (own) =>
        withLock(own, "rollback", (session) =>
          rollBack(own, session, {
            maxDowntime: given.maxDowntime ?? MAX_DOWNTIME_MS,
            acceptLosses: given.acceptLosses ?? (() => false),
          }),
        ),
      );
    },
    complete: () =>
      recorded(ending, { command: "complete", keep: historyOfCompletion }, (own) =>
        withLock(own, "completion", (session) => complete(own, session)),
      ),
    clean: (given = {}) => clean(bare, given),
    async close() {
      context.spare.close();
      await context.target.close();
      context.closeSource();
    },
  };
}

function rehearseOnCopy(context: Context, copy: string, given: RehearsalOptions): Promise<Rehearsal> {
  return rehearseCopy(context, {
    copy,
    server: given.embedded ?? context.targetUrl,
    failback: given.failback !== false,
    maxDowntime: given.maxDowntime ?? MAX_DOWNTIME_MS,
    open: ({ migrations, source, target }) =>
      contextOf({
        source,
        target,
        migrationsDirectory: migrations,
        types: context.types,
        names: context.names,
        collationChoice: context.collationChoice,
        rules: context.rules,
        ...(context.jobs === null ? {} : { jobs: context.jobs }),
        report: context.report,
        signal: context.signal,
      }),
  });
}

/** What a migration works with: tests go its steps one by one. */
export function contextOf(options: MigrationOptions): Context {
  const signal = options.signal ?? new AbortController().signal;
  const report = options.report ?? silent;
  const throttle = new Throttle({ maxRate: options.maxRate ?? null, report, signal });
  const observe = (sign: LoadSignal | LockWait | { readonly kind: "write" }) => {
    if (sign.kind !== "write") throttle.saw(sign);
  };
  let source: Source | undefined;
  const targetUrl = canonicalUrl(options.target);
  return {
    get source() {
      if (options.source === undefined)
        throw new UsageError({
          code: "SOURCE_MISSING",
          message: "no source is given",
          hint: "give --source path/to/app.db, or set CHANGEOVER_SOURCE",
        });
      source ??= openSource({
        url: options.source,
        signal,
        observe,
        ...(options.sourceAuthToken === undefined ? {} : { authToken: options.sourceAuthToken }),
      });
      return source;
    },
    hasSource: options.source !== undefined,
    sourceMoved: options.sourceMoved === true,
    onlySource: options.onlySource === true,
    closeSource: () => source?.close(),
    target: openTarget({ url: targetUrl, observe }),
    targetUrl,
    migrationsDirectory: options.migrationsDirectory ?? "migrations",
    rules: mergeRules(options.rules ?? {}, {
      tables: Object.fromEntries((options.exclude ?? []).map((table) => [table, { exclude: true }])),
    }),
    types: options.types ?? "plain",
    names: options.names ?? "keep",
    collationChoice: options.collationChoice ?? "bytes",
    throttle,
    jobs: options.jobs ?? null,
    spare: new IdleWorkers(),
    report,
    signal,
    keepsHistory: true,
    ...(options.sourceJournal === undefined ? {} : { sourceJournal: options.sourceJournal }),
  };
}

/** The schema of the run is brought up to date first: an older version knew no quarantine. */
function withRun<T>(context: Context, work: (session: TargetSession, run: Run) => Promise<T>): Promise<T> {
  return withSession(context, async (session) => {
    const run = await loadRun(session);
    if (run === null) throw noRun();
    await prepareRunStore(session, context.targetUrl);
    return work(session, run);
  });
}

/** Asked for: never without. It stays so when the run ends, since the application may have come to rely on it. */
async function switchJournal(context: Context): Promise<void> {
  if (context.sourceJournal === undefined) return;
  const before = await context.source.switchToWal();
  if (before !== "wal")
    context.report({
      kind: "step",
      message: `the source's journal mode is wal from now on; it was ${before}, and \`PRAGMA journal_mode = ${before}\` sets it back`,
    });
}

/** Opens the source before anything else: what is wrong with it is said before the target is looked at. */
async function touch(context: Context): Promise<void> {
  await context.source.read((tx) => tx.rows("SELECT count(*) FROM sqlite_schema"));
}

async function appliedMigration(target: TargetReader, directory: string, name: string): Promise<AppliedFile | null> {
  const { files, records } = await readState(target, directory);
  const record = records.get(name);
  if (record === undefined) return null;
  const file = files.find((candidate) => candidate.name === name);
  return {
    file: record.file,
    text: record.text,
    diff: file === undefined || file.checksum === record.checksum ? null : renderChange(record, file),
  };
}

async function filledTables(session: TargetReader): Promise<string[]> {
  const filled: string[] = [];
  for (const table of (await readCatalogue(session)).tables) {
    const [row] = await session.rows<{ filled: boolean }>(`select exists (select from ${pgTable(table)}) as filled`);
    if (row?.filled === true) filled.push(table.name);
  }
  return filled;
}

function status(context: Context): Promise<Status> {
  return withSession(context, async (session) => {
    const run = await loadRun(session);
    const tables = run === null ? [] : await loadTables(session, run.id);
    const look = await readSourceState(context, run);
    const rejected = run === null ? 0 : await sizeOfQuarantine(session, run.id);
    const running = await isLocked(session);
    const failback = run === null ? null : await loadFailback(session, run.id);
    const notices =
      run === null || !(await hasNotices(session)) ? [] : await presentNotices(session, run.id, context.rules);
    const returning = run === null || failback?.state !== "enabled" ? 0 : await countChanges(session, run.mappings);
    return statusOf({
      target: context.target.location,
      run,
      tables,
      look,
      running,
      rejected,
      pass: run === null ? null : await lastPass(session, run.id),
      failback,
      returning,
      notices,
    });
  });
}
